import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { seededRandom } from '@meydan/contracts/core'
import { Stream, type StreamShape } from './stream.ts'

export { CLEAR, Stream, type StreamShape } from './stream.ts'

/** A round trip of 150 ± 30 ms, half of it each way, and 2 % of the segments lost each way. */
export const FAR: StreamShape = { delayMs: 75, jitterMs: 15, loss: 0.02, bytesPerS: Number.POSITIVE_INFINITY }

/** The way to a server on this machine, over a bad link. */
export interface BadLink {
  readonly url: string
  /** Applies to what is sent from now on. */
  up: StreamShape
  down: StreamShape
  /** Segments that were lost and sent again, connections that were made, and those that were cut. */
  readonly counts: { readonly lost: number; readonly connections: number; readonly cuts: number }
  /** Breaks every connection, and lets nobody in for so long. */
  cut(forMs: number): void
  /** Nothing arrives for so long, and the connections live. */
  hold(forMs: number): void
  close(): Promise<void>
}

/** Beyond this under way in one direction the sender is held up, as a full window or a full router would. */
const BACKLOG_BYTES_MAX = 64 * 1_024

interface Connection {
  readonly near: Socket
  readonly far: Socket
  readonly streams: readonly [up: Stream, down: Stream]
}

/**
 * Stands between clients and the server at `url`. Each connection has fates of its own, drawn from the seed: the same seed gives the
 * same fates in the same order; which bytes meet them is up to the machine, since this runs in real time.
 */
export async function badLink(
  url: string,
  shape: { readonly up: StreamShape; readonly down: StreamShape; readonly seed: number },
): Promise<BadLink> {
  const { hostname, port } = new URL(url)
  const connections = new Set<Connection>()
  const past = { lost: 0, connections: 0, cuts: 0 }
  let awayUntilMs = 0
  const roundTripMs = (): number => link.up.delayMs + link.down.delayMs

  const server = createServer({ allowHalfOpen: true }, (near) => {
    if (performance.now() < awayUntilMs) {
      near.on('error', () => near.destroy()).resetAndDestroy()
      return
    }
    const far = connect({ port: Number(port), host: hostname, allowHalfOpen: true })
    const seed = shape.seed + 2 * ++past.connections
    const streams = [new Stream(link.up, seededRandom(seed)), new Stream(link.down, seededRandom(seed + 1))] as const
    const connection = { near, far, streams }
    connections.add(connection)
    const stops = [
      carry(near, far, streams[0], () => link.up, roundTripMs),
      carry(far, near, streams[1], () => link.down, roundTripMs),
    ]
    const end = (): void => {
      if (!connections.delete(connection)) return
      for (const stop of stops) stop()
      for (const { lost } of streams) past.lost += lost
      near.destroy()
      far.destroy()
    }
    for (const socket of [near, far]) {
      // What breaks one side breaks the other; a side that has only said all it had to is closed by what is still under way.
      socket
        .setNoDelay(true)
        .on('error', end)
        .on('close', () => near.destroyed && far.destroyed && end())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the link has no port')

  const link: BadLink = {
    url: `http://127.0.0.1:${address.port}`,
    up: shape.up,
    down: shape.down,
    get counts() {
      const underWay = [...connections].flatMap(({ streams }) => streams.map(({ lost }) => lost))
      return { ...past, lost: underWay.reduce((sum, lost) => sum + lost, past.lost) }
    },
    cut(forMs) {
      awayUntilMs = performance.now() + forMs
      past.cuts += connections.size
      for (const { near, far } of [...connections]) {
        near.resetAndDestroy()
        far.resetAndDestroy()
      }
    },
    hold(forMs) {
      const nowMs = performance.now()
      for (const { streams } of connections) for (const stream of streams) stream.hold(nowMs, forMs, roundTripMs())
    },
    async close() {
      for (const { near, far } of [...connections]) for (const socket of [near, far]) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
  return link
}

/** One direction of a connection; gives what stops it. */
function carry(
  from: Socket,
  to: Socket,
  stream: Stream,
  shape: () => StreamShape,
  roundTripMs: () => number,
): () => void {
  let timer: NodeJS.Timeout | undefined
  let hasEnded = false
  const deliver = (): void => {
    clearTimeout(timer)
    const nowMs = performance.now()
    for (const bytes of stream.arrived(nowMs)) if (to.writable) to.write(bytes)
    if (stream.backlogBytes < BACKLOG_BYTES_MAX) from.resume()
    const { nextAtMs } = stream
    if (nextAtMs !== undefined) timer = setTimeout(deliver, Math.max(0, nextAtMs - nowMs))
    else if (hasEnded) to.end()
  }
  from.on('data', (bytes: Buffer) => {
    stream.shape = shape()
    stream.send(bytes, performance.now(), roundTripMs())
    if (stream.backlogBytes >= BACKLOG_BYTES_MAX) from.pause()
    deliver()
  })
  from.on('end', () => {
    hasEnded = true
    deliver()
  })
  return () => clearTimeout(timer)
}
