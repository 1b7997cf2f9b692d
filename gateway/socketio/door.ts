import type { Server as HttpServer, IncomingMessage } from 'node:http'
import { core, Fault } from '@meydan/contracts/core'
import { Server } from 'socket.io'
import { originOf } from '../caller.ts'
import type { Edge } from '../edge.ts'
import { platformOf } from '../foreign/platform.ts'
import type { AddressLimiter } from '../rest/limits.ts'
import { Bucket } from '../socket/bucket.ts'
import { eventHandlers, type Speaker, unknownEvent } from './events.ts'
import { createFeeds, type ForeignServer } from './feeds.ts'
import { boundUnsent } from './unsent.ts'

const PATH = '/socket.io/'
const PAYLOAD_BYTES_MAX = 64 * 1024
const CONNECTIONS_MAX = 20_000
/** How long a connection may be there without saying what it wants. */
const CONNECT_MS_MAX = 5_000
const HEARTBEAT_MS = 15_000
const EVENTS_PER_S = 100
const EVENTS_BURST = 200
/** Events too many: each is answered by a fault, and a burst of them by the end. */
const REFUSALS_PER_S = 1
const REFUSALS_BURST = 50
const OPEN_EVENTS_MAX = 16
const DRAIN_LOOK_MS = 20

export interface SocketIoDoor {
  /** Lets nobody in, waits for what was asked to be answered, and then for everybody to go. */
  drain(withinMs: number): Promise<void>
  close(): Promise<void>
}

/** Whether a request is this door's, which takes it before anybody else sees it. */
export function isSocketIo(url: string): boolean {
  return url.startsWith(PATH)
}

/** The documented Socket.IO interface for clients that are not ours (docs/clients/crash.md), on an HTTP server. */
export function openSocketIoDoor(
  edge: Edge,
  server: HttpServer,
  addressOf: (request: IncomingMessage) => string,
  limitAddress: AddressLimiter,
): SocketIoDoor {
  let draining = false
  let open = 0

  const admit = async (request: IncomingMessage): Promise<void> => {
    if (draining || io.engine.clientsCount >= CONNECTIONS_MAX)
      throw core.UNAVAILABLE({ message: 'No more sockets here now; try again shortly.' })
    await limitAddress(addressOf(request))
  }
  const io: ForeignServer = new Server(server, {
    path: PATH,
    serveClient: false,
    cors: { origin: '*' },
    connectTimeout: CONNECT_MS_MAX,
    maxHttpBufferSize: PAYLOAD_BYTES_MAX,
    pingInterval: HEARTBEAT_MS,
    pingTimeout: HEARTBEAT_MS,
    perMessageDeflate: false,
    httpCompression: false,
    // Other upgrades are other doors'.
    destroyUpgrade: false,
    allowRequest(request, decide) {
      admit(request).then(
        () => decide(null, true),
        (error: unknown) => decide(wordsFor(edge, error), false),
      )
    },
  })
  edge.metrics.observe(
    'meydan_socketio_connections',
    'Open connections of Socket.IO clients',
    () => io.engine.clientsCount,
  )
  const feeds = createFeeds(io, edge)
  const handlers = eventHandlers(edge, platformOf(edge), feeds)

  const answer = async (speaker: Speaker, name: string, said: unknown): Promise<unknown> => {
    const handler = handlers.get(name)
    if (!handler) throw unknownEvent(name, handlers.keys())
    open++
    try {
      return await handler(speaker, said)
    } finally {
      open--
    }
  }

  io.on('connection', (socket) => {
    const speaker = { socket, origin: originOf(addressOf(socket.request), socket.request.headers['user-agent']) }
    const events = new Bucket(edge.clock, EVENTS_PER_S, EVENTS_BURST)
    const refusals = new Bucket(edge.clock, REFUSALS_PER_S, REFUSALS_BURST)
    let openHere = 0

    const take = async (name: string, said: readonly unknown[]): Promise<unknown> => {
      if (!events.take()) {
        const fault = core.RATE_LIMITED({ message: `At most ${EVENTS_PER_S} events a second.` })
        if (refusals.take()) throw fault
        socket.emit('error', { message: fault.message })
        socket.conn.close()
        return
      }
      if (openHere >= OPEN_EVENTS_MAX)
        throw core.RATE_LIMITED({
          message: `At most ${OPEN_EVENTS_MAX} events of a socket wait for their answer at once.`,
        })
      openHere++
      try {
        return await answer(speaker, name, said[0])
      } finally {
        openHere--
      }
    }

    boundUnsent(socket.conn)
    // What a parser could not read: the connection ends by itself.
    socket.on('error', (error: unknown) => edge.log.debug({ err: error }, 'a Socket.IO client failed'))
    socket.onAny((name: string, ...said: unknown[]) => {
      // What still comes in while the connection closes could not be answered any more.
      if (socket.conn.readyState !== 'open') return
      const last = said.at(-1)
      const acknowledge = typeof last === 'function' ? last : undefined
      if (acknowledge) said.pop()
      take(name, said).then(
        (answered) => acknowledge?.(answered),
        (error: unknown) => {
          const message = wordsFor(edge, error)
          socket.emit('error', { message })
          acknowledge?.({ error: message })
        },
      )
    })
    socket.emit('connected', { message: 'WebSocket connection established' })
  })

  const until = async (done: () => boolean, untilMs: number): Promise<void> => {
    while (!done() && edge.clock.monotonic() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS))
    }
  }

  return {
    async drain(withinMs) {
      draining = true
      const untilMs = edge.clock.monotonic() + withinMs
      await until(() => open === 0, untilMs)
      // Of the connection, not of the socket: clients come back by themselves only from the first.
      for (const socket of io.of('/').sockets.values()) socket.conn.close()
      await until(() => io.engine.clientsCount === 0, untilMs)
    },
    async close() {
      draining = true
      io.engine.close()
      await feeds.close()
    },
  }
}

/** A fault for clients that know no codes: what is wrong, in words. What is no fault is logged, and hidden. */
function wordsFor({ log }: Edge, error: unknown): string {
  if (error instanceof Fault) return error.message
  log.error({ err: error }, 'an event could not be answered')
  return core.INTERNAL().message
}
