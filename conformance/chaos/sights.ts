/** A moment of a match as a player saw it: where the own avatar is. */
export interface Sight {
  readonly roomId: string
  /** Monotonic, ms. */
  readonly atMs: number
  readonly x: number
  readonly y: number
  readonly alive: boolean
  readonly deaths: number
}

/** What a player missed. */
export interface Missed {
  readonly silenceMs: number
  /** How old what was seen first after the silence is, against what was seen before it, ms. */
  readonly positionMs: number
}

/** An avatar's speed in the arena, units a millisecond. */
const SPEED = 27 / 8 / 15
/** Shorter ones are of the network and of a busy machine. */
const SILENCE_MS_MIN = 250
/** No older position can come back: a snapshot is a second old at most. */
const LOOK_BACK_MS = 10_000

/** Of all that was seen since then, the longest silence within a match, and the oldest position after one. */
export function missedSince(sights: readonly Sight[], sinceMs: number): Missed {
  let [silenceMs, positionMs] = [0, 0]
  sights.forEach((next, index) => {
    const last = sights[index - 1]
    if (!last || last.roomId !== next.roomId || next.atMs < sinceMs) return
    silenceMs = Math.max(silenceMs, next.atMs - last.atMs)
    if (next.atMs - last.atMs < SILENCE_MS_MIN || !isOneLife(last, next)) return
    positionMs = Math.max(positionMs, ageOf(next, sights.slice(0, index)))
  })
  return { silenceMs, positionMs }
}

/** Who falls comes back elsewhere. */
function isOneLife(last: Sight, next: Sight): boolean {
  return last.alive && next.alive && last.deaths === next.deaths
}

/** How long before the silence the avatar was there, or how long it would have had to run from where it was. */
function ageOf(next: Sight, before: readonly Sight[]): number {
  const endMs = before.at(-1)?.atMs ?? next.atMs
  const ages = before
    .filter(({ roomId, atMs }) => roomId === next.roomId && endMs - atMs < LOOK_BACK_MS)
    .map(({ atMs, x, y }) => endMs - atMs + Math.hypot(next.x - x, next.y - y) / SPEED)
  return Math.min(...ages)
}
