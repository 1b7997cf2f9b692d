/** As near as the largest clean number of rooms is looked for: this part of it, or so many rooms. */
const NEAR_PART = 0.08
const NEAR_ROOMS = 5
const ROOMS_MAX = 1_000

/** Looks for the largest number of rooms that is clean: doubles until one is late, then halves what lies between. */
export class RoomSearch {
  clean = 0
  late = Number.POSITIVE_INFINITY
  #next: number

  constructor(first: number) {
    this.#next = first
  }

  /** What to try now; undefined once it is known nearly enough. */
  get next(): number | undefined {
    const near = Math.max(NEAR_ROOMS, this.clean * NEAR_PART)
    return this.late - this.clean <= near || this.clean >= ROOMS_MAX ? undefined : this.#next
  }

  told(rooms: number, isClean: boolean): void {
    if (isClean) this.clean = Math.max(this.clean, rooms)
    else this.late = Math.min(this.late, rooms)
    const between = Math.round((this.clean + this.late) / 2 / NEAR_ROOMS) * NEAR_ROOMS
    this.#next = this.late === Number.POSITIVE_INFINITY ? Math.min(ROOMS_MAX, this.clean * 2) : Math.max(1, between)
  }

  /** What was clean once was not when it was looked at again. */
  stepBack(): void {
    this.late = this.clean
    this.clean = Math.floor(this.clean * (1 - NEAR_PART))
  }
}
