import type { Seated } from './guests.ts'

/** Between two looks at how long the server takes to answer. */
const ASK_EVERY_MS = 50
const INPUT_EVERY_MS = 15

/** What a match is like for one who plays it as people do. */
export interface Comfort {
  readonly snapshotsPerS: number
  /** Of a call over the same socket. */
  readonly answerMs: { readonly median: number; readonly p95: number }
}

/** Plays for a while, and says what it was like. */
export async function comfortOf({ client, room }: Seated, forMs: number): Promise<Comfort> {
  const answersMs: number[] = []
  let snapshots = 0
  let turn = 0
  const stopSeeing = room.onSnapshot(() => void snapshots++)
  const playing = setInterval(() => {
    room.send({ moveX: turn++ % 80 < 40 ? 1 : -1, moveY: 0, aim: 0, fire: 0 })
  }, INPUT_EVERY_MS)
  const fromMs = performance.now()
  try {
    while (performance.now() - fromMs < forMs) {
      const askedMs = performance.now()
      await client.call.players.me({})
      answersMs.push(performance.now() - askedMs)
      await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
    }
  } finally {
    clearInterval(playing)
    stopSeeing()
  }
  const sorted = answersMs.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return {
    snapshotsPerS: snapshots / ((performance.now() - fromMs) / 1_000),
    answerMs: { median: at(0.5), p95: at(0.95) },
  }
}
