import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** A way to a server on this machine that breaks when told to, in the middle of whatever is being said. */
export interface UnreliableLine {
  readonly url: string
  /** Breaks each connection with this chance (0–1), without a word to either side. Gives how many. */
  cut(chance: number, random: () => number): number
  close(): Promise<void>
}

export async function unreliableLine(url: string): Promise<UnreliableLine> {
  const { hostname, port } = new URL(url)
  const pairs = new Set<readonly [Socket, Socket]>()
  const server = createServer((near) => {
    const far = connect(Number(port), hostname)
    const pair = [near, far] as const
    pairs.add(pair)
    const end = (): void => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    // An error is always followed by a close, and says nothing that a broken line does not say by itself.
    for (const socket of pair) socket.setNoDelay(true).on('error', end).on('close', end)
    near.pipe(far).pipe(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the line has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut(chance, random) {
      const unlucky = [...pairs].filter(() => random() < chance)
      for (const [near, far] of unlucky) {
        near.resetAndDestroy()
        far.resetAndDestroy()
      }
      return unlucky.length
    },
    async close() {
      for (const pair of pairs) for (const socket of pair) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
