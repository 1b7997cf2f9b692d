import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** One address before several gateways, as a balancer in front of them is: who cannot be connected to is passed over. */
export interface Balancer {
  readonly url: string
  close(): Promise<void>
}

export async function startBalancer(ports: readonly number[]): Promise<Balancer> {
  const sockets = new Set<Socket>()
  let turn = 0
  const join = (near: Socket, far: Socket): void => {
    for (const socket of [near, far]) {
      sockets.add(socket)
      socket.setNoDelay(true).on('close', () => {
        sockets.delete(socket)
        near.destroy()
        far.destroy()
      })
    }
    near.pipe(far).pipe(near)
  }
  const lead = async (near: Socket): Promise<void> => {
    const first = turn++
    for (let tries = 0; tries < ports.length; tries++) {
      const far = await connected(ports[(first + tries) % ports.length] ?? 0)
      if (far) return join(near, far)
    }
    near.destroy()
  }
  const server = createServer((near) => {
    // An error is always followed by a close.
    near.on('error', () => undefined)
    void lead(near)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the balancer has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Undefined where nobody listens. */
function connected(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(socket))
    socket.on('error', () => resolve(undefined))
  })
}
