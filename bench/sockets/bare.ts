import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * The least that a server of sockets does, as the README of `ws` shows it: it answers a client's first message with a welcome of the
 * same size as ours, and pings. It knows no players, no sessions and no limits.
 */
const HEARTBEAT_MS = 15_000
const http = createServer()
const server = new WebSocketServer({ server: http, perMessageDeflate: false })
const alive = new WeakMap<WebSocket, boolean>()

server.on('connection', (socket) => {
  alive.set(socket, true)
  socket.on('pong', () => alive.set(socket, true))
  socket.on('error', () => socket.terminate())
  socket.on('message', () => {
    const session = randomBytes(24).toString('base64url')
    const hello = { session, playerId: null, resumed: false, heartbeatMs: HEARTBEAT_MS, timeMs: Date.now() }
    socket.send(JSON.stringify({ hello }))
  })
})
setInterval(() => {
  for (const socket of server.clients) {
    if (alive.get(socket) === false) socket.terminate()
    alive.set(socket, false)
    socket.ping()
  }
}, HEARTBEAT_MS).unref()

const listening = new Promise<number>((resolve, reject) => {
  http.listen(0, '127.0.0.1', () => {
    const address = http.address()
    if (address === null || typeof address === 'string') reject(new Error('the server has no port'))
    else resolve(address.port)
  })
})

// `inside.ts` hears the same channel and answers what is meant for it.
process.on('message', async (message) => {
  if (message === 'port') process.send?.({ port: await listening })
})
process.on('disconnect', () => process.exit())
