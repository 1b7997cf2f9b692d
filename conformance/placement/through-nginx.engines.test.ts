import { nonsenseRequest } from '@meydan/conformance/fuzz'
import { seededRandom } from '@meydan/contracts/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { A_ROUND, runProgram, TOO_LATE_AT_MOST } from '../foreign/page.ts'
import { accountsScenarios } from './accounts-scenarios.ts'
import { type Entrance, openEntrance } from './entrance.ts'

/** Whatever holds where services are called directly holds for whoever calls them through a cluster's entrance. */

const NONSENSE = 1_000
const AT_ONCE = 20
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 0xffffffff)
/** nginx lets 400 through at once; of the others it depends on how fast they come. */
const LET_THROUGH_MIN = 300

let entrance: Entrance
beforeAll(async () => {
  entrance = await openEntrance()
}, 120_000)
afterAll(() => entrance?.close())

for (const way of ['REST', 'socket'] as const) {
  describe(`accounts, by ${way}`, () => {
    for (const scenario of accountsScenarios) {
      test(scenario.name, async () => {
        const place = entrance.accounts(way)
        try {
          await scenario.run(place)
        } finally {
          await place.close()
        }
      })
    }
  })
}

test('D2 D3 clients of others play, whichever process their lobby is in', async () => {
  const played = await Promise.all([1, 2].map(() => runProgram('js', process.execPath, entrance.url)))
  for (const { stdout, stderr } of played) {
    expect(stdout).toMatch(A_ROUND)
    expect(stderr).toMatch(TOO_LATE_AT_MOST)
  }
})

test(`C9 nonsense ends with a 4xx, whichever of nginx, gateway and service refuses it (seed ${SEED})`, async () => {
  const random = seededRandom(SEED)
  const faults: string[] = []
  let letThrough = 0
  for (let sent = 0; sent < NONSENSE; sent += AT_ONCE) {
    const batch = Array.from({ length: AT_ONCE }, () => nonsenseRequest(random))
    await Promise.all(
      batch.map(async ({ path, init }) => {
        const answer = await fetch(`${entrance.url}${path}`, init)
        const text = await answer.text()
        if (answer.status >= 500) faults.push(`${init.method} ${path}: ${answer.status} ${text}`)
        if (answer.status !== 429) letThrough++
      }),
    )
  }
  expect(faults).toEqual([])
  expect(letThrough).toBeGreaterThan(LET_THROUGH_MIN)
})
