import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { at, picture, playing, type Stand, standAt } from './pages.ts'
import { type ClusterPlace, openCluster } from './placement.ts'
import { MATCH_MS, seenMoving, type Together, together } from './together.ts'

/** A client dials again at once and then ever less often. */
const BACK = { timeout: 30_000 }
const TYPED = 'The second map, please.'

let place: ClusterPlace
let stand: Stand
/** Both play. */
let ada: Page
let bora: Page
let both: Together
/** Writes to those who run it. */
let cem: Page
/** Pages that lost their socket. */
const cut = new Set<Page>()

beforeAll(async () => {
  place = await openCluster({ MEYDAN_MATCH_MS: String(MATCH_MS), MEYDAN_BOT_WAIT_MS: '3000' })
  stand = await standAt(place)
  const phone = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const
  ada = await visit({ viewport: { width: 1440, height: 900 } })
  bora = await visit(phone)
  cem = await visit({ viewport: { width: 1024, height: 700 } })
  both = together([ada, bora])
  // Known to the platform from now on, and on a line to it.
  await cem.click(at('play'))
  await cem.click(at('cancel'))
})
afterAll(() => stand?.close())

/** Somebody's browser, of which is told when its socket is lost. */
async function visit(options: Parameters<Stand['context']>[0]): Promise<Page> {
  const context = await stand.context(options)
  context.on('page', (page) => page.on('websocket', (socket) => socket.on('close', () => void cut.add(page))))
  return stand.open(context)
}

/** How many sockets a gateway has. */
async function socketsOf(name: string): Promise<number> {
  const text = await (await fetch(`${place.member(name).url}/metrics`)).text()
  return Number(/^meydan_sockets (\d+)/m.exec(text)?.[1])
}

/** SIGKILL for the gateway with more sockets; gives its name, and who was on it once their browsers know it. */
async function killGateway(): Promise<{ gateway: string; pages: Page[] }> {
  const [one, other] = await Promise.all(['gateway-1', 'gateway-2'].map(socketsOf))
  const gateway = (one ?? 0) > (other ?? 0) ? 'gateway-1' : 'gateway-2'
  cut.clear()
  place.member(gateway).kill('SIGKILL')
  await expect.poll(() => cut.size, BACK).toBeGreaterThan(0)
  return { gateway, pages: [...cut] }
}

describe('two browsers through nginx and two gateways', () => {
  test('A13 the page, /feedback, the API and the socket have one address', async () => {
    await ada.fill(at('name'), 'Ada')
    await bora.fill(at('name'), 'Bora')
    await both.room()
    await seenMoving(ada, bora)
    await cem.goto(`${place.url}/feedback`)
    await cem.fill(at('text'), TYPED)
    expect(new URL(cem.url()).pathname).toBe('/app/feedback')
    expect((await fetch(`${place.url}/openapi.json`)).status).toBe(200)
    await picture(ada, 'cluster-match-1440')
    await picture(bora, 'cluster-match-390')
  })

  // After the first one all are at the other.
  for (const time of ['first', 'second']) {
    test(`C1 when a gateway is killed, its players go on in the match by the other one (the ${time})`, async () => {
      const room = await both.room()
      const { gateway, pages } = await killGateway()
      for (const page of pages) await page.waitForSelector(at('banner'), { state: 'detached', ...BACK })
      expect(await Promise.all([ada, bora].map((page) => playing(page)))).toEqual([room, room])
      await seenMoving(ada, bora)
      await seenMoving(bora, ada)
      await picture(ada, `cluster-after-the-${time}-1440`)
      await place.member(gateway).start()
    })
  }

  test('C1 nobody is told that they were signed out, and what was typed is still there, and can be sent', async () => {
    for (const page of [ada, bora, cem]) expect(await page.locator(at('problem')).count()).toBe(0)
    expect(await cem.inputValue(at('text'))).toBe(TYPED)
    await cem.click(at('send'))
    await cem.waitForSelector(at('own-feedback'), BACK)
  })

  test('A13 no page logged more than that its connection was lost', () => {
    const others = stand.problems.filter((problem) => !/WebSocket connection|Failed to load resource/.test(problem))
    expect(others).toEqual([])
  })
})
