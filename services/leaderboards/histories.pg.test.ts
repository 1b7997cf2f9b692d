import { type Id, seededRandom } from '@meydan/contracts/core'
import type { Envelope } from '@meydan/kernel/events'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PERIODS, windowAround } from './rules.ts'
import { BoardModel, type Finished } from './tests/model.ts'
import { nameOf, openWorld, type World } from './tests/world.ts'

const HOUR_MS = 3_600_000
/** Of the 15 s that the histories take on a busy machine with two cores, and of making a counterexample smaller. */
const LOOK_MS_MAX = 60_000
const GAMES = ['arena', 'chess'] as const
const PLAYERS = Array.from({ length: 40 }, (_, index) => String(100 + index))

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.made.close())

const player = fc.constantFrom(...PLAYERS)
/** Few different scores, so that many tie; fractions, whose sum as floating point depends on the order of adding. */
const tenths = fc.constantFrom(0, 1, 2, 3, 10, 10, 10, 25, -5)
const match = fc.record({
  kind: fc.constant('match' as const),
  game: fc.constantFrom('arena', 'arena', 'arena', 'chess'),
  agoMs: fc.constantFrom(0, 0, 1, 1_000, 13 * HOUR_MS, 80 * HOUR_MS),
  /** The process that hears of it first dies before its commit. */
  isKilled: fc.constantFrom(false, false, false, true),
  people: fc.uniqueArray(fc.record({ playerId: player, tenths }), { selector: (one) => one.playerId, maxLength: 16 }),
})
const step = fc.oneof(
  { weight: 6, arbitrary: match },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), playerId: player }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), hours: fc.constantFrom(1, 12, 24, 100) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Lets the world live through one step, and the model through what of it counts. */
async function live(each: Step, model: BoardModel, heard: Envelope[]): Promise<void> {
  if (each.kind === 'wait') world.clock.advance(each.hours * HOUR_MS)
  else if (each.kind === 'again') {
    const event = heard[each.which % Math.max(1, heard.length)]
    if (event) await world.deliver(event)
  } else if (each.kind === 'delete') {
    const event = world.deleted(each.playerId)
    heard.push(event)
    await world.deliver(event)
    model.forget(each.playerId)
  } else {
    const { game, agoMs, people, isKilled } = each
    const finished = { game, people, endedAtMs: world.clock.now() - agoMs }
    const event = world.finished(finished)
    if (isKilled) {
      await world.deliverAndDie(event)
      await compare(model, [])
    }
    heard.push(event)
    await world.deliver(event)
    model.finish(finished)
  }
}

/** Every answer about every board of now; around and rank for these players. */
async function compare(model: BoardModel, playerIds: readonly Id[]): Promise<void> {
  for (const game of GAMES) {
    for (const period of PERIODS) {
      const plain = model.lines(game, period, world.clock.now())
      const lines = plain.map((line, place) => ({ rank: place + 1, ...line, name: nameOf(line.playerId) }))
      expect(await world.top(game, period)).toEqual(lines)
      for (const playerId of playerIds) {
        const place = lines.findIndex((line) => line.playerId === playerId)
        expect(await world.rank(playerId, game, period)).toEqual(lines[place] ?? null)
        const limit = 1 + (Number(playerId) % 7)
        const { from, to } = windowAround(place, limit, lines.length)
        const around = place < 0 ? [] : lines.slice(from, to + 1)
        expect(await world.around(playerId, game, period, limit)).toEqual(around)
      }
    }
  }
}

test('A9 L1–L5 every answer is the plain model’s after every event: ties, duplicates, kills, deletions, new days, the cache away', async () => {
  let bucketsMax = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25, size: 'max' }), player, async (steps, watched) => {
      await world.clear()
      const model = new BoardModel()
      const heard: Envelope[] = []
      for (const each of steps) {
        await live(each, model, heard)
        await compare(model, [watched])
      }
      await compare(model, PLAYERS.slice(0, 10))
      const { wrong, count, fat } = await world.buckets()
      expect({ wrong, fat }).toEqual({ wrong: [], fat: 0 })
      bucketsMax = Math.max(bucketsMax, count)
    }),
    // A counterexample is made smaller for so long at most, and shown.
    { numRuns: 25, seed: 9, interruptAfterTimeLimit: LOOK_MS_MAX },
  )
  expect(bucketsMax, 'boards were cut into many buckets').toBeGreaterThan(12)
}, 120_000)

test('L1 L3 L5 results and deletions at the same time, each twice and in any order, end in the model’s board', async () => {
  await world.clear()
  const random = seededRandom(4)
  const model = new BoardModel()
  const matches = Array.from({ length: 80 }, (): Finished => {
    const first = random.int(0, PLAYERS.length - 1)
    const people = Array.from({ length: random.int(1, 6) }, (_, index) => ({
      playerId: PLAYERS[(first + index * 7) % PLAYERS.length] ?? '1',
      tenths: random.int(0, 4),
    }))
    return { game: GAMES[random.int(0, 1)] ?? 'arena', endedAtMs: world.clock.now() - random.int(0, 5) * 1_000, people }
  })
  const deleted = PLAYERS.filter((_, index) => index % 9 === 4)
  const events = [...matches.map(world.finished), ...deleted.map(world.deleted)]
  const deliveries = [...events, ...events].map((event) => ({ event, order: random.float() }))
  deliveries.sort((a, b) => a.order - b.order)
  await Promise.all(deliveries.map(({ event }) => world.deliver(event)))
  for (const playerId of deleted) model.forget(playerId)
  for (const finished of matches) model.finish(finished)
  await compare(model, PLAYERS)
  expect(await world.buckets()).toMatchObject({ wrong: [], fat: 0 })
}, 60_000)
