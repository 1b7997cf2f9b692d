import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type BadLink, badLink, FAR } from '@meydan/conformance/link'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, openStand, own, picture, playing, type Stand } from './pages.ts'
import { type LinkSample, linkTable, sampleLink } from './quality.ts'
import { Thumbs } from './thumbs.ts'

const MATCH_MS = 60_000
const SEED = 11
const FIGHT_MS = 14_000
const CUT_MS = 3_000
/** Waits of a client that dials again: it may just have tried when the link comes back, and doubles its wait each time. */
const BACK_MS_MAX = 8_000
const SAMPLE_EVERY_MS = 500
/** A quiet machine has 30 and more; one that draws two phones in software beside other work may be late with its acknowledgements. */
const SNAPSHOTS_PER_S_MIN = 12
/** As near as a shot must come to an avatar's centre. */
const HIT_BOX_PX = 22
const TABLE = fileURLToPath(new URL('../../artifacts/bad-link.md', import.meta.url))

let stand: Stand
let link: BadLink
const people: { readonly name: string; readonly page: Page; readonly samples: LinkSample[]; sockets: number }[] = []

beforeAll(async () => {
  stand = await openStand({ MEYDAN_MATCH_MS: String(MATCH_MS), MEYDAN_BOT_WAIT_MS: '4000' })
  link = await badLink(stand.place.url, { up: FAR, down: FAR, seed: SEED })
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } as const
  for (const name of ['Ada', 'Bora']) {
    const context = await stand.context({ ...phone, colorScheme: name === 'Ada' ? 'light' : 'dark' })
    const page = await stand.open(context, '/app/', link.url)
    const person = { name, page, samples: [], sockets: 0 }
    page.on('websocket', () => void person.sockets++)
    people.push(person)
  }
})
afterAll(async () => {
  const table = linkTable(people, link.counts, HIT_BOX_PX)
  await writeFile(TABLE, table)
  console.info(table)
  await stand?.close()
  await link?.close()
})

const everybody = <T>(work: (page: Page) => Promise<T>): Promise<T[]> =>
  Promise.all(people.map(({ page }) => work(page)))

/** All play with both thumbs for so long, and are watched; gives where each of them has been. */
async function fight(ms: number): Promise<Awaited<ReturnType<typeof own>>[][]> {
  const places: Awaited<ReturnType<typeof own>>[][] = people.map(() => [])
  const thumbs = await Promise.all(people.map(({ page }) => Thumbs.on(page)))
  for (const each of thumbs) each.start()
  for (const untilMs = performance.now() + ms; performance.now() < untilMs; ) {
    for (const [index, { page, samples }] of people.entries()) {
      samples.push(await sampleLink(page))
      places[index]?.push(await own(page))
    }
    await people[0]?.page.waitForTimeout(SAMPLE_EVERY_MS)
  }
  await Promise.all(thumbs.map((each) => each.stop()))
  return places
}

/** The longest that was drawn of the own avatar, px, but for those that the rules, the cut or a screen that stood still explain. */
function longestJump(samples: readonly LinkSample[]): number {
  return Math.max(...samples.map(({ jumps }) => jumps.most))
}

describe('two people on phones, over 150 ± 30 ms and 2 % loss', () => {
  let room: string | undefined

  test('A1 come into one match with a bot', async () => {
    await everybody((page) => page.waitForSelector(at('play')))
    for (const { name, page } of people) {
      await page.fill(at('name'), name)
      await page.tap(at('play'))
    }
    const rooms = await everybody((page) => playing(page, 30_000))
    room = rooms[0]
    expect(new Set(rooms).size).toBe(1)
    await everybody((page) => page.waitForSelector(`${at('hud-time')}:has-text(":")`))
    for (const { name, page } of people) await picture(page, `bad-link-begin-${name}`)
  })

  test('A10 play on with both thumbs', async () => {
    await fight(FIGHT_MS)
    for (const { name, page, samples } of people) {
      await picture(page, `bad-link-fight-${name}`)
      const last = samples.at(-1)
      expect(last?.snapshotsPerS).toBeGreaterThan(SNAPSHOTS_PER_S_MIN)
      expect(last?.correction.median).toBeLessThan(HIT_BOX_PX)
      expect(longestJump(samples)).toBeLessThan(HIT_BOX_PX)
    }
  })

  test('A8 are told when the link is cut for three seconds, and play on in the same match when it is back', async () => {
    link.cut(CUT_MS)
    await everybody((page) => page.waitForSelector(at('banner'), { timeout: CUT_MS }))
    for (const { name, page } of people) await picture(page, `bad-link-cut-${name}`)
    await everybody((page) => page.waitForSelector(at('banner'), { state: 'hidden', timeout: CUT_MS + BACK_MS_MAX }))
    expect(await everybody((page) => playing(page))).toEqual([room, room])
    for (const [first, ...rest] of await fight(3_000)) {
      // Thumbs turn round: where one ends may be where one began.
      const away = rest.map(({ x, y }) => Math.hypot(x - (first?.x ?? x), y - (first?.y ?? y)))
      expect(Math.max(...away)).toBeGreaterThan(20)
    }
  })

  test('A10 and it is as good as before', async () => {
    await fight(FIGHT_MS)
    for (const { name, page, samples } of people) {
      await picture(page, `bad-link-again-${name}`)
      expect(samples.at(-1)?.snapshotsPerS).toBeGreaterThan(SNAPSHOTS_PER_S_MIN)
      expect(samples.at(-1)?.correction.median).toBeLessThan(HIT_BOX_PX)
      expect(longestJump(samples)).toBeLessThan(HIT_BOX_PX)
    }
    // Half a minute has few hits, and a screen of 20 frames a second shows one or two of ten otherwise than a faster one: that 95 of 100
    // count is for conformance/netcode to prove.
    const hits = people.flatMap(({ samples }) => samples.at(-1)?.hits ?? [])
    const seen = hits.reduce((sum, each) => sum + each.seen, 0)
    const counted = hits.reduce((sum, each) => sum + each.counted, 0)
    expect(seen).toBeGreaterThan(0)
    expect(seen - counted).toBeLessThanOrEqual(1 + seen * 0.2)
  })

  test('A9 see the result', async () => {
    await everybody((page) => page.waitForSelector(at('result'), { timeout: 2 * MATCH_MS }))
    await everybody((page) => page.waitForSelector(`${at('rating')}:has-text("Rating")`))
    for (const { name, page } of people) await picture(page, `bad-link-result-${name}`)
    // One socket, and those that it took to come back after the cut.
    for (const { sockets } of people) expect(sockets).toBeGreaterThanOrEqual(2)
    // Dialling while the link is away is an error to the browser, and to nobody else.
    const real = stand.problems.filter((problem) => !/WebSocket connection|Failed to load resource/.test(problem))
    expect(real).toEqual([])
  })
})
