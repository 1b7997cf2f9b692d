import { Fault } from '@meydan/contracts/core'
import type { Match } from '@meydan/contracts/matches'
import { MATCH_FOUND } from '@meydan/contracts/matchmaking'
import { type Client, createClient } from '@meydan/sdk'
import type { Pilot } from './pilot.ts'

const INPUT_EVERY_MS = 30
/** Results follow a match by an event that is delivered at least once, in order; this is long for one. */
const RESULT_MS_MAX = 15_000
/** When a refusal for the rate does not say how long to wait. */
const ENTRY_WAIT_S = 5

export type Stage = 'entering' | 'queued' | 'playing' | 'done' | 'failed'

/** One simulated person: enters as a guest, asks for a game, plays it to its end, and hears the result. */
export class Player {
  stage: Stage = 'entering'
  snapshots = 0
  error: unknown
  result: Match | undefined
  readonly client: Client

  readonly #game: string
  readonly #pilot: Pilot
  readonly #found = Promise.withResolvers<string>()
  readonly #told = Promise.withResolvers<Match>()

  constructor(url: string, game: string, pilot: Pilot) {
    this.client = createClient({ url })
    this.#game = game
    this.#pilot = pilot
    this.client.on(MATCH_FOUND, ({ roomId }) => this.#found.resolve(roomId))
    this.client.on('MATCH_RESULT', ({ match }) => this.#told.resolve(match))
  }

  /** Never rejects: what went wrong is in `error`. */
  async play(name: string): Promise<void> {
    try {
      await this.#enter(name)
      await this.client.connect()
      this.stage = 'queued'
      const status = await this.client.call.matchmaking.ask({ game: this.#game })
      await this.#match(status.state === 'playing' ? status.roomId : await this.#found.promise)
      this.result = await within(RESULT_MS_MAX, this.#told.promise, 'no result came after the match')
      this.stage = 'done'
    } catch (error) {
      this.error = error
      this.stage = 'failed'
    } finally {
      this.client.close()
    }
  }

  /** A platform lets only so many guests in from one address in a minute: the others wait as long as it says. */
  async #enter(name: string): Promise<void> {
    for (;;) {
      try {
        await this.client.guest({ displayName: name })
        return
      } catch (error) {
        if (!(error instanceof Fault) || error.code !== 'RATE_LIMITED') throw error
        await new Promise((resolve) => setTimeout(resolve, (error.retryAfterS ?? ENTRY_WAIT_S) * 1_000))
      }
    }
  }

  async #match(roomId: string): Promise<void> {
    const { room, move } = await this.#pilot(this.client, roomId)
    this.stage = 'playing'
    room.onSnapshot(() => void this.snapshots++)
    let turn = 0
    const moving = setInterval(() => move(turn++), INPUT_EVERY_MS)
    try {
      const reason = await new Promise<string>((resolve) => room.onClosed(resolve))
      if (reason !== 'ended') throw new Error(`the room closed: ${reason}`)
    } finally {
      clearInterval(moving)
    }
  }
}

async function within<T>(ms: number, work: Promise<T>, otherwise: string): Promise<T> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(otherwise)), ms)
  try {
    return await Promise.race([work, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
