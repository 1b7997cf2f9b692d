import { MATCH_FOUND } from '@meydan/contracts/matchmaking'
import { arena } from '@meydan/games/arena'
import { type Client, createClient } from '@meydan/sdk'
import { z } from 'zod'
import { steer } from './steering.ts'

const Found = z.object({ roomId: z.string(), game: z.string() })
const INPUT_EVERY_MS = 30

export type Stage = 'entering' | 'queued' | 'playing' | 'done' | 'failed'

/** One simulated person: enters as a guest, asks for a game, plays it to its end. */
export class Player {
  stage: Stage = 'entering'
  snapshots = 0
  error: unknown
  readonly client: Client

  constructor(url: string) {
    this.client = createClient({ url })
  }

  async play(name: string): Promise<void> {
    try {
      await this.client.guest({ displayName: name })
      await this.client.connect()
      this.stage = 'queued'
      await this.#match(await this.#ask())
      this.stage = 'done'
    } catch (error) {
      this.error = error
      this.stage = 'failed'
    } finally {
      this.client.close()
    }
  }

  /** The room, told by event or by the answer, whichever comes first. */
  #ask(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.client.on(MATCH_FOUND, (data) => resolve(Found.parse(data).roomId))
      this.client.call.matchmaking
        .ask({ game: 'arena' })
        .then((status) => (status.state === 'playing' ? resolve(status.roomId) : undefined))
        .catch(reject)
    })
  }

  async #match(roomId: string): Promise<void> {
    const room = await this.client.joinRoom(roomId, arena)
    this.stage = 'playing'
    room.onSnapshot(() => void this.snapshots++)
    let turn = 0
    const steering = setInterval(() => room.send(steer(room, turn++)), INPUT_EVERY_MS)
    try {
      const reason = await new Promise<string>((resolve) => room.onClosed(resolve))
      if (reason !== 'ended') throw new Error(`the room closed: ${reason}`)
    } finally {
      clearInterval(steering)
    }
  }
}
