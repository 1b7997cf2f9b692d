import { testKit } from '@meydan/conformance/harness'
import { manualClock } from '@meydan/kernel/time'
import { afterAll, expect, test } from 'vitest'
import { argonHasher } from './hasher.ts'
import type { Called } from './parts.ts'
import { fault, identityWorld } from './world.ts'

const clock = manualClock()
const made = await testKit<Called>('identity', new URL('./migrations/', import.meta.url), { clock })
const world = await identityWorld({ ...made, clock, hasher: argonHasher() })
afterAll(() => made.close())

const ROUNDS = 15
/**
 * Without a hash for nobody an unknown name is answered in a tenth of the time. The bounds are wide because the machine may
 * be busy; that exactly one hash is checked either way is proven by counting, in entry.pg.test.ts.
 */
const RATIO_MAX = 2

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

test('I6 with real hashes, a wrong password and an unknown name take about the same time', async () => {
  const password = 'correct horse'
  const took: { known: number[]; unknown: number[] } = { known: [], unknown: [] }
  for (let round = 0; round < ROUNDS; round++) {
    const username = `timed${round}`
    await world.call('register', { credentials: { type: 'password', username, password } })
    for (const [kind, name] of [
      ['known', username],
      ['unknown', `nobody${round}`],
    ] as const) {
      const began = performance.now()
      const credentials = { type: 'password', username: name, password: 'wrong password' } as const
      expect((await fault(world.call('login', { credentials }))).code).toBe('BAD_CREDENTIALS')
      took[kind].push(performance.now() - began)
    }
  }
  const ratio = median(took.known) / median(took.unknown)
  expect(ratio).toBeLessThan(RATIO_MAX)
  expect(ratio).toBeGreaterThan(1 / RATIO_MAX)
})
