import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Client, matchMaker, Room, Server } from '@colyseus/core'
import { schema, t } from '@colyseus/schema'
import { WebSocketTransport } from '@colyseus/ws-transport'
import { advanceAll, PLAYERS, placed, TICK_MS, type Wish, wishAt } from './scene.ts'
import type { RoomServer } from './server.ts'

const HOST = '127.0.0.1'

const AvatarSchema = schema({ x: t.number(), y: t.number(), aim: t.number() }, 'Avatar')
const SceneSchema = schema({ avatars: t.map(AvatarSchema) }, 'Scene')
type SceneState = InstanceType<typeof SceneSchema>

/** The scene as a Colyseus room by its book: a map of schemas, a simulation interval, a patch rate, inputs as messages. */
export async function openColyseus(entities: number, onTick: (room: object) => void): Promise<RoomServer> {
  class SceneRoom extends Room<{ state: SceneState }> {
    override maxClients = PLAYERS
    override patchRate = TICK_MS
    override state = new SceneSchema()
    readonly #avatars = Array.from({ length: entities }, (_, index) => {
      const avatar = new AvatarSchema()
      return Object.assign(avatar, placed(index))
    })
    readonly #wishes: Wish[] = this.#avatars.map((_, index) => wishAt(index, 0))
    readonly #seats = new Map<string, number>()
    #tick = 0

    override onCreate(): void {
      for (const [index, avatar] of this.#avatars.entries()) this.state.avatars.set(`${index}`, avatar)
      this.onMessage('input', (client: Client, { moveX, moveY, aim }: Wish) => {
        const wish = this.#wishes[this.#seats.get(client.sessionId) ?? -1]
        if (wish) Object.assign(wish, { moveX, moveY, aim })
      })
      this.setSimulationInterval(() => {
        onTick(this)
        advanceAll(this.#avatars, this.#wishes, ++this.#tick)
      }, TICK_MS)
    }

    override onJoin(client: Client): void {
      this.#seats.set(client.sessionId, this.#seats.size)
    }
  }

  const http = createServer()
  const server = new Server({
    transport: new WebSocketTransport({ server: http }),
    greet: false,
    gracefullyShutdown: false,
  })
  server.define('scene', SceneRoom)
  await server.listen(0, HOST)
  return {
    // A server that listens on a port has an address with one.
    port: (http.address() as AddressInfo).port,
    async open() {
      const room = await matchMaker.createRoom('scene', {})
      const seats = []
      for (let index = 0; index < PLAYERS; index++) {
        const { sessionId } = await matchMaker.reserveSeatFor(room, {})
        seats.push({
          path: `/${room.processId}/${room.roomId}?sessionId=${sessionId}`,
          roomId: room.roomId,
          playerId: sessionId,
        })
      }
      return seats
    },
    async close() {
      http.closeAllConnections()
      http.close()
    },
  }
}
