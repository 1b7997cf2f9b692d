import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accessibilityFaults, at, picture, playing, type Stand, standAt } from './pages.ts'
import { type ClusterPlace, openCluster } from './placement.ts'
import { MATCH_MS, seenMoving, type Together, together } from './together.ts'

const BACK = { timeout: 60_000 }
const STEP_MS_MAX = 180_000

let place: ClusterPlace
let stand: Stand
/** Both play. */
let ada: Page
let bora: Page
let both: Together
/** Looks around meanwhile. */
let cem: Page

beforeAll(async () => {
  place = await openCluster({ MEYDAN_MATCH_MS: String(MATCH_MS), MEYDAN_BOT_WAIT_MS: '3000' })
  stand = await standAt(place)
  ada = await stand.open(await stand.context({ viewport: { width: 1440, height: 900 } }))
  bora = await stand.open(await stand.context({ viewport: { width: 390, height: 844 }, colorScheme: 'dark' }))
  cem = await stand.open(await stand.context({ viewport: { width: 1024, height: 700 } }))
  both = together([ada, bora])
})
afterAll(() => stand?.close())

/** The match goes on, in the same room, and nobody was told otherwise. */
async function goesOn(room: string): Promise<void> {
  for (const page of [ada, bora]) await page.waitForSelector(at('banner'), { state: 'detached', ...BACK })
  expect(await Promise.all([ada, bora].map((page) => playing(page, BACK.timeout)))).toEqual([room, room])
  await seenMoving(ada, bora, BACK)
  await seenMoving(bora, ada, BACK)
}

describe('a service that is away', () => {
  test('A13 is told where it is missing, and nowhere else; the page shows what it has once it is back', async () => {
    const room = await both.room()
    place.member('jobs-1').kill('SIGKILL')
    await cem.goto(`${place.url}/app/leaderboards`)
    await cem.waitForSelector(at('again-read'), BACK)
    expect(await accessibilityFaults(cem)).toEqual([])
    await picture(cem, 'cluster-service-away-1024')
    await goesOn(room)
    await place.member('jobs-1').start()
    const read = async (): Promise<boolean> => {
      const again = cem.locator(at('again-read'))
      if ((await again.count()) > 0) await again.first().click()
      return (await again.count()) === 0
    }
    await expect.poll(read, { ...BACK, interval: 500 }).toBe(true)
  })
})

describe('a process with rooms that is killed', () => {
  for (const name of ['rooms-1', 'rooms-2']) {
    test(`A8 ${name}: the match goes on in the other one`, async () => {
      const room = await both.room()
      place.member(name).kill('SIGKILL')
      await goesOn(room)
      await picture(bora, `cluster-after-${name}-390`)
      await place.member(name).start()
    })
  }
})

describe('a rolling update', () => {
  for (const name of ['services-1', 'services-2', 'jobs-1', 'rooms-1', 'rooms-2', 'gateway-1', 'gateway-2']) {
    test(
      `C11 of ${name} is survived by the match`,
      async () => {
        const room = await both.room()
        await place.member(name).stop()
        await goesOn(room)
        await place.member(name).start()
      },
      STEP_MS_MAX,
    )
  }

  test('A13 and nobody is told that something went wrong with them', async () => {
    for (const page of [ada, bora, cem]) expect(await page.locator(at('problem')).count()).toBe(0)
    const others = stand.problems.filter((problem) => !/WebSocket connection|Failed to load resource/.test(problem))
    expect(others).toEqual([])
  })
})
