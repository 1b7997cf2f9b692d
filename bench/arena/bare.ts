import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type WebSocket, WebSocketServer } from 'ws'
import { advanceAll, PLAYERS, placed, TICK_MS, type Wish, wishAt } from './scene.ts'
import type { RoomServer } from './server.ts'

/** Type and tick, then x, y and aim of each, 16 bits a number. */
const HEADER_BYTES = 5
const AVATAR_BYTES = 6
const BARE_FRAME = 1

/** The least that a server of this scene can do: everything as it is, encoded once, sent to each. Inputs are 12 bytes. */
export async function openBare(entities: number, onTick: (room: object) => void): Promise<RoomServer> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false })
  await once(server, 'listening')
  const joins = new Map<string, (socket: WebSocket) => void>()
  server.on('connection', (socket, request) => joins.get(request.url ?? '')?.(socket))
  const timers: NodeJS.Timeout[] = []
  return {
    // A server that listens on a port has an address with one.
    port: (server.address() as AddressInfo).port,
    async open() {
      const path = `/${timers.length}`
      const sockets: WebSocket[] = []
      const avatars = Array.from({ length: entities }, (_, index) => placed(index))
      const wishes = avatars.map((_, index) => wishAt(index, 0))
      joins.set(path, (socket) => {
        const wish = wishes[sockets.push(socket) - 1]
        socket.on('message', (data: Buffer) => wish && read(data, wish))
      })
      let tick = 0
      const play = (): void => {
        onTick(sockets)
        advanceAll(avatars, wishes, ++tick)
        const frame = Buffer.allocUnsafe(HEADER_BYTES + entities * AVATAR_BYTES)
        frame.writeUInt8(BARE_FRAME)
        let at = frame.writeUInt32BE(tick, 1)
        for (const { x, y, aim } of avatars)
          at = frame.writeUInt16BE(aim, frame.writeUInt16BE(y, frame.writeUInt16BE(x, at)))
        for (const socket of sockets) socket.send(frame)
      }
      timers.push(setInterval(play, TICK_MS))
      return Array.from({ length: PLAYERS }, (_, index) => ({ path, roomId: path, playerId: `${index}` }))
    },
    async close() {
      for (const timer of timers) clearInterval(timer)
      for (const socket of server.clients) socket.terminate()
      server.close()
    },
  }
}

function read(data: Buffer, wish: Wish): void {
  wish.moveX = data.readFloatBE(0)
  wish.moveY = data.readFloatBE(4)
  wish.aim = data.readFloatBE(8)
}
