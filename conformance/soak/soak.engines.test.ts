import { afterAll, beforeAll, expect, test } from 'vitest'
import { type RunningPlatform, startPlatform } from '../platform/index.ts'
import { soak } from './soak.ts'
import { faultsOf } from './verdict.ts'

const PEOPLE = 40
const SOAK_MS = 45_000

let platform: RunningPlatform
beforeAll(async () => {
  platform = await startPlatform({
    MEYDAN_MATCH_MS: '10000',
    MEYDAN_BOT_WAIT_MS: '1000',
    MEYDAN_LIMIT_SCALE: '1000',
    MEYDAN_ADDRESS_LIMIT: '1000000',
  })
})
afterAll(() => platform.stop())

test('A4 A5 people who come, play, drop and go for a while leave no room, seat, session, timer or key behind', async () => {
  const report = await soak({ url: platform.url, people: PEOPLE, ms: SOAK_MS, seed: 7, onSample: () => undefined })
  const { deeds, cuts } = report.samples.at(-1) ?? { deeds: undefined, cuts: 0 }
  expect(deeds?.finished).toBeGreaterThan(PEOPLE)
  expect(deeds?.left).toBeGreaterThan(0)
  expect(cuts).toBeGreaterThan(0)
  // So short a run warms up all the way: whether memory is flat is for the long one to say.
  const held = faultsOf({ ...report, samples: [] })
  expect(held).toEqual([])
}, 300_000)
