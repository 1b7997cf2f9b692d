import type { Lease } from '@meydan/kernel/storage'
import type { Clock } from '@meydan/kernel/time'
import type { Ticking } from './loop.ts'
import type { Room } from './room.ts'

/**
 * A room that this process owns for as long as its lease says so. A process that stood still may wake when its room is another's: until it
 * has asked, the room stands still, too.
 */
export class OwnedRoom implements Ticking {
  readonly room: Room
  lease: Lease
  /** When the lease is to be renewed next, and until when it is surely not another's (monotonic). */
  renewAtMs: number
  validUntilMs: number
  /** When it was ticked last (monotonic), for the fencing log. */
  tickedAtMs: number | undefined
  /** The tick of the newest snapshot, which may not have reached the cache, and when the next is to be saved. */
  savedTick = 0
  saveAtMs = 0
  readonly #clock: Clock

  constructor(room: Room, lease: Lease, validUntilMs: number, clock: Clock) {
    this.room = room
    this.lease = lease
    this.renewAtMs = clock.monotonic()
    this.validUntilMs = validUntilMs
    this.#clock = clock
  }

  get tickMs(): number {
    return this.room.tickMs
  }

  get isValid(): boolean {
    return this.#clock.monotonic() < this.validUntilMs
  }

  tick(): void {
    const nowMs = this.#clock.monotonic()
    if (nowMs >= this.validUntilMs) return
    this.tickedAtMs = nowMs
    this.room.tick()
  }
}
