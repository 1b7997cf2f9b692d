import { Fault } from '@meydan/contracts/core'
import type { Joined } from '@meydan/contracts/socket'
import { client } from './client.ts'

type Seat = Joined['seats'][number]

/** People join a running match, and take a bot's seat: names are read again this often. */
const READ_EVERY_MS = 4_000

/** Who sits in a room, by seat, and who sat there before. */
export class Roster {
  readonly #seats = new Map<number, Seat>()
  readonly #timer: ReturnType<typeof setInterval>

  constructor({ roomId, seats }: Joined) {
    for (const seat of seats) this.#seats.set(seat.index, seat)
    this.#timer = setInterval(() => void this.#read(roomId), READ_EVERY_MS)
  }

  nameOf(seat: number): string {
    return this.#seats.get(seat)?.name ?? `Player ${seat + 1}`
  }

  playerOf(seat: number): string {
    return this.#seats.get(seat)?.playerId ?? ''
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  async #read(roomId: string): Promise<void> {
    try {
      const { seats } = await client.call.rooms.find({ roomId })
      for (const seat of seats) this.#seats.set(seat.index, seat)
    } catch (error) {
      // The room is over, or the line is down: the names known so far will do.
      if (!(error instanceof Fault)) throw error
    }
  }
}
