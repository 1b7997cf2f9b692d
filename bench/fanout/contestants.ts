import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { quietLog } from '@meydan/conformance/harness'
import { core } from '@meydan/contracts/core'
import { memoryTopics } from '@meydan/drivers/memory'
import { createGateway } from '@meydan/gateway'
import { memoryLimiter } from '@meydan/kernel/rpc'
import { createMetrics } from '@meydan/kernel/telemetry'
import { systemClock } from '@meydan/kernel/time'
import { Server } from 'socket.io'
import { WebSocketServer } from 'ws'

export const CONTESTANTS = ['meydan', 'ws', 'socketio'] as const
export type Contestant = (typeof CONTESTANTS)[number]

/** A server that gives one event to every socket it has. */
export interface Broadcaster {
  readonly port: number
  publish(text: string): void
}

const HOST = '127.0.0.1'
/** All sockets belong to one player, whose own topic each of them watches. */
export const TOPIC = 'user:1'
export const EVENT = 'NEWS'

export const SERVERS: { readonly [name in Contestant]: () => Promise<Broadcaster> } = {
  /** The socket door as the platform opens it: real sessions, rings, topics and limits. */
  async meydan() {
    const topics = memoryTopics(systemClock, quietLog)
    const gateway = await createGateway({
      contracts: [],
      dispatch: async () => {
        throw core.UNKNOWN_CALL()
      },
      verify: async () => ({ playerId: '1', sessionId: '2', roles: [], expiresAtMs: Number.MAX_SAFE_INTEGER }),
      rooms: {
        attach: async () => {
          throw core.NOT_FOUND()
        },
        spectate: async () => {
          throw core.NOT_FOUND()
        },
      },
      topics,
      clock: systemClock,
      log: quietLog,
      metrics: createMetrics(),
      trustProxy: false,
      version: 'bench',
      corsOrigins: [],
      limiter: memoryLimiter(systemClock),
      requestsPerWindow: 10_000,
      checks: {},
      pages: null,
    })
    const url = new URL(await gateway.listen(HOST, 0))
    const publish = (text: string): void => void topics.publish(TOPIC, EVENT, { text })
    return { port: Number(url.port), publish }
  },

  /** The least that a server can do. */
  async ws() {
    const server = new WebSocketServer({ host: HOST, port: 0, perMessageDeflate: false })
    await new Promise((resolve) => server.once('listening', resolve))
    let seq = 0
    const publish = (text: string): void => {
      const data = Buffer.from(JSON.stringify({ topic: TOPIC, seq: ++seq, event: EVENT, data: { text } }))
      for (const client of server.clients) client.send(data, { binary: false })
    }
    return { port: portOf(server.address()), publish }
  },

  async socketio() {
    const http = createServer()
    const server = new Server(http, { transports: ['websocket'], perMessageDeflate: false, serveClient: false })
    await new Promise<void>((resolve) => http.listen(0, HOST, resolve))
    let seq = 0
    const publish = (text: string): void => void server.emit(EVENT, { topic: TOPIC, seq: ++seq, data: { text } })
    return { port: portOf(http.address()), publish }
  },
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return address.port
}
