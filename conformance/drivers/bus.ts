import type { Bus, DeadLetter, Envelope } from '@meydan/kernel/events'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

export interface BusUnderTest {
  /** A started bus, as one more process would have it. It tries an event three times, without waiting in between. */
  connect(): Promise<Bus>
  close(): Promise<void>
}

export const RETRIES_UNDER_TEST = 2
const WAIT = { timeout: 15_000, interval: 10 }
const STOP_MS = 5_000

let lastId = 1_000_000n

export function envelope(name: string, key: string, data: Envelope['data'] = null): Envelope {
  lastId += 1n
  return { id: String(lastId), name, version: 1, key, data, at: '2026-01-01T00:00:00.000Z', source: 'suite' }
}

/** What every driver of the bus port does. The numbers are those of kernel/events/README.md. */
export function busSuite(driver: string, open: () => Promise<BusUnderTest>): void {
  describe(`bus on ${driver}`, { timeout: 60_000 }, () => {
    let made: BusUnderTest
    const connected: Bus[] = []
    const connect = async () => {
      const bus = await made.connect()
      connected.push(bus)
      return bus
    }
    beforeAll(async () => {
      made = await open()
    })
    afterAll(async () => {
      await Promise.all(connected.map((bus) => bus.stop(STOP_MS)))
      await made.close()
    })

    test('C6 E4 every group hears an event, and of its processes one', async () => {
      const [one, two] = [await connect(), await connect()]
      const heard: string[] = []
      const hear = (who: string) => async (e: Envelope) => void heard.push(`${who} ${e.data}`)
      await one.subscribe({ group: 'e4.first', events: ['E4_SAID'], handle: hear('first') })
      await two.subscribe({ group: 'e4.first', events: ['E4_SAID'], handle: hear('first') })
      await two.subscribe({ group: 'e4.second', events: ['E4_SAID', 'E4_MORE'], handle: hear('second') })
      await one.publish([envelope('E4_SAID', 'a', 1), envelope('E4_MORE', 'a', 2), envelope('E4_NOBODY', 'a', 3)])
      await vi.waitFor(() => expect(heard.toSorted()).toEqual(['first 1', 'second 1', 'second 2']), WAIT)
    })

    test('C6 E5 events of one key are handled in order and never two at a time, over two processes', async () => {
      const [one, two] = [await connect(), await connect()]
      const handled = new Map<string, number[]>()
      const running = new Set<string>()
      const overlaps: string[] = []
      const handle = async ({ key, data }: Envelope) => {
        if (running.has(key)) overlaps.push(key)
        running.add(key)
        await new Promise((resolve) => setTimeout(resolve, Number(data) % 3))
        running.delete(key)
        handled.set(key, [...(handled.get(key) ?? []), Number(data)])
      }
      await one.subscribe({ group: 'e5.order', events: ['E5_STEP'], handle })
      await two.subscribe({ group: 'e5.order', events: ['E5_STEP'], handle })
      const keys = ['a', 'b', 'c', 'd', 'e']
      const steps = Array.from({ length: 20 }, (_, step) => step)
      for (const chunk of [steps.slice(0, 7), steps.slice(7, 8), steps.slice(8)]) {
        await one.publish(chunk.flatMap((step) => keys.map((key) => envelope('E5_STEP', key, step))))
      }
      await vi.waitFor(() => expect([...handled.values()].flat()).toHaveLength(100), WAIT)
      for (const key of keys) expect(handled.get(key)).toEqual(steps)
      expect(overlaps).toEqual([])
    })

    test('C6 E6 E7 a failing event is tried again, then a dead letter that says why, then redriven', async () => {
      const bus = await connect()
      let broken = true
      let tries = 0
      const handled: unknown[] = []
      await bus.subscribe({
        group: 'e6.fails',
        events: ['E6_HARD'],
        handle: async ({ data }) => {
          tries++
          if (broken) throw new RangeError('the sky is falling')
          handled.push(data)
        },
      })
      const hard = envelope('E6_HARD', 'ada', { n: 7 })
      await bus.publish([hard])
      const letter = await deadLetter(bus, 'e6.fails')
      expect(tries).toBe(RETRIES_UNDER_TEST + 1)
      expect(letter).toMatchObject({ group: 'e6.fails', attempts: tries, envelope: hard })
      expect(letter.error).toContain('the sky is falling')
      expect(await bus.redrive('e6.fails', '00000000-0000-0000-0000-000000000000')).toBe(0)
      broken = false
      expect(await bus.redrive('e6.fails', letter.id)).toBe(1)
      await vi.waitFor(() => expect(handled).toEqual([{ n: 7 }]), WAIT)
      expect(await bus.deadLetters('e6.fails')).toEqual([])
      expect(await bus.redrive('e6.fails')).toBe(0)
      expect(await bus.redrive('e6.unknown')).toBe(0)
    })

    test('C6 E8 a poison event holds up its own key while it is tried, and no other; then its key goes on', async () => {
      const bus = await connect()
      const log: string[] = []
      await bus.subscribe({
        group: 'e8.poison',
        events: ['E8_STEP'],
        handle: async ({ key, data }) => {
          log.push(`${key} ${data}`)
          if (data === 'poison') throw new Error('cannot')
        },
      })
      await bus.publish([
        envelope('E8_STEP', 'sick', 'poison'),
        envelope('E8_STEP', 'sick', 'later'),
        envelope('E8_STEP', 'well', 'one'),
        envelope('E8_STEP', 'well', 'two'),
      ])
      await vi.waitFor(() => expect(log).toEqual(expect.arrayContaining(['well one', 'well two', 'sick later'])), WAIT)
      const sick = log.filter((line) => line.startsWith('sick'))
      expect(sick).toEqual([...Array.from({ length: RETRIES_UNDER_TEST + 1 }, () => 'sick poison'), 'sick later'])
      expect((await deadLetter(bus, 'e8.poison')).envelope.data).toBe('poison')
    })

    test('C6 E9 what is published while a group is away waits for it', async () => {
      const [publisher, away] = [await connect(), await connect()]
      const heard: unknown[] = []
      const hear = async ({ data }: Envelope) => void heard.push(data)
      await away.subscribe({ group: 'e9.away', events: ['E9_SAID'], handle: hear })
      await away.stop(STOP_MS)
      await publisher.publish([envelope('E9_SAID', 'a', 1), envelope('E9_SAID', 'a', 2)])
      expect(await publisher.depth()).toMatchObject({ 'e9.away': 2 })
      const back = await connect()
      await back.subscribe({ group: 'e9.away', events: ['E9_SAID'], handle: hear })
      await vi.waitFor(() => expect(heard).toEqual([1, 2]), WAIT)
      await vi.waitFor(async () => expect(await publisher.depth()).toMatchObject({ 'e9.away': 0 }), WAIT)
    })

    test('E9 a group that no longer names an event hears no more of it', async () => {
      const [before, after] = [await connect(), await connect()]
      const heard: string[] = []
      const handle = async ({ name }: Envelope) => void heard.push(name)
      await before.subscribe({ group: 'e9.less', events: ['E9_OLD', 'E9_KEPT'], handle })
      await before.stop(STOP_MS)
      await after.subscribe({ group: 'e9.less', events: ['E9_KEPT'], handle })
      await after.publish([envelope('E9_OLD', 'a'), envelope('E9_KEPT', 'a')])
      await vi.waitFor(() => expect(heard).toEqual(['E9_KEPT']), WAIT)
    })

    test('E10 stopping finishes what runs', async () => {
      const bus = await connect()
      const { promise: started, resolve: start } = Promise.withResolvers<void>()
      let finished = false
      await bus.subscribe({
        group: 'e10.slow',
        events: ['E10_SLOW'],
        handle: async () => {
          start()
          await new Promise((resolve) => setTimeout(resolve, 200))
          finished = true
        },
      })
      await bus.publish([envelope('E10_SLOW', 'a')])
      await started
      await bus.stop(STOP_MS)
      expect(finished).toBe(true)
    })
  })
}

async function deadLetter(bus: Bus, group: string): Promise<DeadLetter> {
  return vi.waitFor(async () => {
    const [letter] = await bus.deadLetters(group)
    if (!letter) throw new Error(`no dead letter of ${group} yet`)
    return letter
  }, WAIT)
}
