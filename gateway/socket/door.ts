import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { SESSION_REVOKED, SessionRevoked } from '@meydan/contracts/identity'
import { CLOSE, SUBPROTOCOLS, type Subprotocol } from '@meydan/contracts/socket'
import type { TopicEvent } from '@meydan/kernel/storage'
import { createHub, type Hub, type Session } from '@meydan/realtime/hub'
import { WebSocketServer } from 'ws'
import type { Edge } from '../edge.ts'
import { isSocketIo } from '../socketio/door.ts'
import { SocketConnection } from './connection.ts'
import { createExchange } from './exchange.ts'
import { BEAT_MS, Heartbeats } from './heartbeats.ts'
import { WriteTurn } from './writer.ts'

export const SOCKET_PATH = '/v1/socket'
const PAYLOAD_BYTES_MAX = 64 * 1024
const CONNECTIONS_MAX = 50_000
const DRAIN_LOOK_MS = 20

export interface SocketDoor {
  /** Tells every client to resume elsewhere, and waits for them to go. */
  drain(withinMs: number): Promise<void>
  close(): Promise<void>
}

/** The WebSocket door on an HTTP server. `addressOf` finds a caller's address, through a trusted proxy or not. */
export function openSocketDoor(
  edge: Edge,
  server: Server,
  addressOf: (request: IncomingMessage) => string,
): SocketDoor {
  const hub: Hub = createHub({ ...edge, onEvent: (event, audience) => endIfRevoked(edge, hub, event, audience) })
  const turn = new WriteTurn()
  const connections = new Heartbeats<SocketConnection>(edge.clock.monotonic())
  const exchange = createExchange(edge, hub, (connection) => connections.delete(connection))
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: PAYLOAD_BYTES_MAX,
    // Frames are written past the sender of ws (writer.ts), which must therefore never have a queue of its own.
    perMessageDeflate: false,
    handleProtocols: (offered) => chosen(offered) ?? false,
  })
  edge.metrics.observe('meydan_sockets', 'Open sockets', () => connections.size)
  let nextId = 0
  let draining = false

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (isSocketIo(request.url ?? '')) return
    const refusal = refusalOf(request, draining, connections.size)
    if (refusal) {
      refuse(socket, refusal)
      return
    }
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      const connection = new SocketConnection({
        id: ++nextId,
        socket: webSocket,
        stream: socket,
        turn,
        protocol: chosen(new Set([webSocket.protocol])) ?? 'meydan.v2.json',
        address: addressOf(request),
        userAgent: (request.headers['user-agent'] ?? '').slice(0, 256),
        exchange,
      })
      connections.add(connection)
    })
  }
  server.on('upgrade', upgrade)

  const beat = (): void => {
    for (const connection of connections.due(edge.clock.monotonic())) {
      if (connection.alive) {
        connection.ping()
        exchange.keepPresent(connection)
      } else connection.close(CLOSE.heartbeat, 'no sign of life')
    }
  }
  const beating = setInterval(beat, BEAT_MS).unref()

  return {
    async drain(withinMs) {
      draining = true
      for (const connection of connections) connection.close(CLOSE.draining, 'the server is stopping; resume elsewhere')
      const untilMs = edge.clock.monotonic() + withinMs
      while (connections.size > 0 && edge.clock.monotonic() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, DRAIN_LOOK_MS))
      }
    },
    async close() {
      clearInterval(beating)
      server.off('upgrade', upgrade)
      for (const client of sockets.clients) client.terminate()
      sockets.close()
      await hub.close()
    },
  }
}

function chosen(offered: ReadonlySet<string>): Subprotocol | undefined {
  return SUBPROTOCOLS.find((protocol) => offered.has(protocol))
}

interface Refusal {
  readonly status: string
  readonly code: string
  readonly message: string
}

function refusalOf(request: IncomingMessage, draining: boolean, connections: number): Refusal | undefined {
  const path = (request.url ?? '').split('?')[0]
  if (path !== SOCKET_PATH) {
    return { status: '404 Not Found', code: 'UNKNOWN_CALL', message: `The socket is at ${SOCKET_PATH}.` }
  }
  const offered = new Set((request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim()))
  if (!chosen(offered)) {
    const message = `Offer one of these subprotocols: ${SUBPROTOCOLS.join(', ')}.`
    return { status: '400 Bad Request', code: 'INVALID_INPUT', message }
  }
  if (draining || connections >= CONNECTIONS_MAX) {
    return {
      status: '503 Service Unavailable',
      code: 'UNAVAILABLE',
      message: 'No more sockets here now; try again shortly.',
    }
  }
  return undefined
}

function refuse(socket: Duplex, { status, code, message }: Refusal): void {
  const body = JSON.stringify({ error: { code, message } })
  const headers = ['content-type: application/json', `content-length: ${Buffer.byteLength(body)}`, 'connection: close']
  socket.on('error', () => socket.destroy())
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`)
}

/**
 * When the account's session behind a socket is ended, so is the socket (S9), and with it what could be resumed: whoever holds the
 * session's id would go on hearing its topics. Told on the player's own topic, which each watches.
 */
function endIfRevoked(edge: Edge, hub: Hub, { event, data }: TopicEvent, audience: ReadonlySet<Session>): void {
  if (event !== SESSION_REVOKED) return
  const revoked = SessionRevoked.safeParse(data)
  if (!revoked.success) return
  for (const session of audience) {
    if (session.owner?.sessionId !== revoked.data.sessionId) continue
    session.owner = null
    session.connection?.close(CLOSE.revoked, 'the session was ended')
    hub.end(session).catch((error: unknown) => edge.log.warn({ err: error }, 'a revoked session did not end cleanly'))
  }
}
