import type { Socket } from 'node:net'
import type { Running } from '@meydan/kernel/rpc'

/** The contexts of the requests that are being answered on one connection; they are cancelled when it closes. */
export type OnConnection = Set<Running>

/** One listener a connection, not one a request: connections are kept, and a listener costs more than many a call. */
export function watchConnections(): (socket: Socket) => OnConnection {
  const connections = new WeakMap<Socket, OnConnection>()
  return (socket) => {
    const known = connections.get(socket)
    if (known) return known
    const contexts: OnConnection = new Set()
    connections.set(socket, contexts)
    socket.once('close', () => {
      for (const context of contexts) context.cancel()
    })
    return contexts
  }
}
