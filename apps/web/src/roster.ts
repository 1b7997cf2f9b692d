import { Fault } from '@meydan/contracts/core'
import type { Joined } from '@meydan/contracts/socket'
import { client } from './client.ts'
import { i18n } from './i18n/i18n.ts'

type Seat = Joined['seats'][number]

/** People join a running match, and take a bot's seat: names are read again this often. */
const READ_EVERY_MS = 4_000

/** Who sits in a room, by seat, and who sat there before. */
export class Roster {
  /** How many people watch, as far as was read. */
  watching = 0
  readonly #seats = new Map<number, Seat>()
  readonly #timer: ReturnType<typeof setInterval>

  constructor({ roomId, seats }: Pick<Joined, 'roomId' | 'seats'>) {
    for (const seat of seats) this.#seats.set(seat.index, seat)
    this.#timer = setInterval(() => void this.#read(roomId), READ_EVERY_MS)
    void this.#read(roomId)
  }

  nameOf(seat: number): string {
    return this.#seats.get(seat)?.name ?? i18n.t('match:player', { number: seat + 1 })
  }

  playerOf(seat: number): string {
    return this.#seats.get(seat)?.playerId ?? ''
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #read(roomId: string): Promise<void> {
    try {
      const { seats, watching } = await client.call.rooms.find({ roomId })
      this.watching = watching
      for (const seat of seats) this.#seats.set(seat.index, seat)
    } catch (error) {
      // The room is over, or the line is down: the names known so far will do.
      if (!(error instanceof Fault)) throw error
    }
  }
}
