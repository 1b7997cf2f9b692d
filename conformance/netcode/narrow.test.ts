import { arena } from '@meydan/games/arena'
import { describe, expect, test } from 'vitest'
import { type LinkShape, PERFECT } from './link.ts'
import { type Person, seatPerson } from './person.ts'
import { refereed } from './referee.ts'
import { openWorld, type World } from './world.ts'

const NEAR: LinkShape = { ...PERFECT, delayMs: 20, jitterMs: 4 }

interface Age {
  /** How old what has come was when it came, in ms: the link's delay, and what has piled up. */
  readonly median: number
  readonly most: number
  readonly perS: number
}

/** Plays for a while, and says how old snapshots were in each of its parts. */
function agesOf(world: World, person: Person, tickNow: () => number, parts: readonly number[]): Age[] {
  const seen: { atMs: number; ageMs: number }[] = []
  const stop = person.room.onSnapshot(({ tick }) => {
    seen.push({ atMs: world.nowMs, ageMs: (tickNow() - tick) * arena.tickMs })
  })
  const ages = parts.map((ms) => {
    const fromMs = world.nowMs
    world.run(ms)
    const agesMs = seen.flatMap(({ atMs, ageMs }) => (atMs > fromMs ? [ageMs] : [])).toSorted((a, b) => a - b)
    const median = agesMs[Math.floor(agesMs.length / 2)] ?? Number.POSITIVE_INFINITY
    return { median, most: agesMs.at(-1) ?? Number.POSITIVE_INFINITY, perS: agesMs.length / (ms / 1_000) }
  })
  stop()
  return ages
}

async function over(link: { up: LinkShape; down: LinkShape }, parts: readonly number[]) {
  const { game, states } = refereed()
  const world = await openWorld({ game, seed: 8, people: ['1', '2', '3'], bots: 1, options: { warmupMs: 0 } })
  const narrow = await seatPerson(world, '1', link)
  const other = await seatPerson(world, '2', { up: NEAR, down: NEAR })
  const othersBefore = other.line.sent.frames
  const ages = agesOf(world, narrow, () => states[0]?.tick ?? 0, parts)
  const othersPerS = (other.line.sent.frames - othersBefore) / (parts.reduce((sum, ms) => sum + ms, 0) / 1_000)
  const behind = narrow.room.send({ moveX: 0, moveY: 0, aim: 0, fire: 0 }) - narrow.room.inputSeq
  await world.close()
  return { ages, othersPerS, behind }
}

const PARTS = [10_000, 10_000, 60_000, 60_000]

describe('a narrow link', () => {
  test('A10 of 20 kB/s carries everything', async () => {
    const { ages } = await over({ up: NEAR, down: { ...NEAR, bytesPerS: 20_000 } }, PARTS)
    for (const { median, perS } of ages) {
      expect(median).toBeLessThan(60)
      expect(perS).toBeGreaterThan(31)
    }
  })

  test('A10 of 2 kB/s down carries fewer snapshots, each nearly as fresh as ever, for as long as the match lasts', async () => {
    const { ages, othersPerS } = await over({ up: NEAR, down: { ...NEAR, bytesPerS: 2_000 } }, PARTS)
    // Before, the delay crept up to the link's own: 840 ms, and 1,900 now and then.
    for (const { median, most, perS } of ages.slice(1)) {
      expect(median).toBeLessThan(150)
      expect(most).toBeLessThan(1_000)
      expect(perS).toBeGreaterThan(8)
    }
    expect(othersPerS).toBeGreaterThan(32)
  })

  test('A10 of 2 kB/s up carries every input, several to a frame, and none waits long', async () => {
    const { ages, behind } = await over({ up: { ...NEAR, bytesPerS: 2_000 }, down: NEAR }, PARTS)
    // Before, inputs were 81 s behind after two minutes.
    expect(behind).toBeLessThan(30)
    for (const { median, perS } of ages) {
      expect(median).toBeLessThan(60)
      expect(perS).toBeGreaterThan(6)
    }
  })
})
