import { contextOf, playerCaller, playerContext, serviceContext } from '@meydan/conformance/harness'
import type { Id } from '@meydan/contracts/core'
import { MATCH_FINISHED, type Match } from '@meydan/contracts/matches'
import { DELETED_PLAYER_NAME } from '@meydan/contracts/players'
import type { Envelope } from '@meydan/kernel/events'
import { createHost } from '@meydan/kernel/rpc'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { MATCH_RESULT } from './module.ts'
import { BOT, NEWCOMER, rated, type Skill, shownRating } from './rules.ts'
import { openWorld, type Placed, type World } from './tests/world.ts'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.made.close())
beforeEach(() => world.clear())

const duel: readonly Placed[] = [
  { playerId: '1', rank: 1 },
  { playerId: '2', rank: 2 },
]
const matchOf = (matchId: Id): Promise<Match> => world.handlers.get({ matchId }, playerContext('5'))
const ratingOf = (playerId: Id) => world.handlers.rating({ game: 'arena' }, playerContext(playerId))
const published = async () => (await world.made.publishedEvents()).map(({ name, key }) => `${name} ${key}`)
const soon = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('once', () => {
  test('A7 R1 an event delivered again, also at the same time and in another process, is one match and one MATCH_FINISHED', async () => {
    const event = world.ended('10', duel)
    await Promise.all([1, 2, 3].map(() => world.deliver(event)))
    await world.deliver(event)
    expect(await ratingOf('1')).toMatchObject({ matches: 1 })
    expect(await published()).toEqual(['MATCH_FINISHED 10'])
  })

  test('A7 R1 a process that dies before its commit leaves nothing, and the next delivery counts', async () => {
    const event = world.ended('10', duel)
    const slow = await world.deliverSlowly(event)
    const second = world.deliver(event)
    await slow.die()
    await second
    expect(await ratingOf('1')).toMatchObject({ matches: 1 })
    expect(await published()).toEqual(['MATCH_FINISHED 10'])
  })

  test('R1 results that are heard of in another order than they were played are listed newest first and rate each once', async () => {
    const events = ['13', '10', '12', '11'].map((roomId) => world.ended(roomId, duel))
    for (const event of [...events, ...events.toReversed()]) await world.deliver(event)
    const { matches } = await world.handlers.mine({ limit: 20 }, playerContext('1'))
    expect(matches.map(({ matchId }) => matchId)).toEqual(['13', '12', '11', '10'])
    expect((await ratingOf('1')).matches).toBe(4)
    // Each begins where the one that was heard of before it had ended.
    const steps = ['13', '10', '12', '11'].map((id) => matches.find(({ matchId }) => matchId === id)?.placings[0])
    expect(steps.map((step) => step?.ratingBefore)).toEqual([
      shownRating(NEWCOMER),
      ...steps.slice(0, -1).map((step) => step?.ratingAfter),
    ])
  })
})

describe('a match without people', () => {
  test('R1 R2 is kept, rates nobody and tells nobody', async () => {
    const told: string[] = []
    for (const id of ['90', '91']) {
      await world.made.kit.topics.subscribe(`user:${id}`, ({ event }) => void told.push(event))
    }
    const bots = [90, 91].map((id, index) => ({ playerId: String(id), rank: index + 1, bot: true }))
    await world.deliver(world.ended('10', bots))
    const match = await matchOf('10')
    expect(match.placings).toMatchObject(bots.map((bot) => ({ ...bot, ratingBefore: null, ratingAfter: null })))
    expect(await published()).toEqual(['MATCH_FINISHED 10'])
    await world.deliver(world.envelope(MATCH_FINISHED, { match }))
    expect(told).toEqual([])
    const { rows } = await world.made.database.postgres.pool.query('select 1 from matches.ratings')
    expect(rows).toEqual([])
  })
})

test('R3 MATCH_RESULT shows everybody’s rating before and after; it is the rating they then have', async () => {
  const told: Match[] = []
  await world.made.kit.topics.subscribe('user:1', ({ event, data }) => {
    expect(event).toBe(MATCH_RESULT)
    told.push(MATCH_FINISHED.data.parse(data).match)
  })
  await world.deliver(world.ended('10', [...duel, { playerId: '90', rank: 3, bot: true }]))
  for (const event of await world.made.publishedEvents()) {
    await world.deliver(world.envelope(MATCH_FINISHED, MATCH_FINISHED.data.parse(event.data)))
  }
  const [winner, loser, bot] = told[0]?.placings ?? []
  expect(told).toHaveLength(1)
  expect([winner?.ratingBefore, loser?.ratingBefore]).toEqual([1_000, 1_000])
  expect(winner?.ratingAfter).toBe((await ratingOf('1')).rating)
  expect(loser?.ratingAfter).toBe((await ratingOf('2')).rating)
  expect(winner?.ratingAfter).toBeGreaterThan(loser?.ratingAfter ?? Number.NaN)
  expect(bot).toMatchObject({ ratingBefore: null, ratingAfter: null })
})

describe('a player deleted between the start and the end', () => {
  const forgotten = async (): Promise<void> => {
    const { placings } = await matchOf('10')
    expect(placings[0]).toMatchObject({ playerId: '1', name: DELETED_PLAYER_NAME })
    expect(await ratingOf('1')).toEqual({ game: 'arena', rating: 1_000, matches: 0 })
    const { rows } = await world.made.database.postgres.pool.query('select player_id from matches.ratings')
    expect(rows).toEqual([{ player_id: '2' }])
    expect((await ratingOf('2')).matches).toBe(1)
  }

  test('R4 keeps the place in the result, without name and rating; the others are rated', async () => {
    await world.deliver(world.deleted('1'))
    await world.deliver(world.ended('10', duel))
    expect((await matchOf('10')).placings[0]).toMatchObject({ rank: 1, ratingBefore: null, ratingAfter: null })
    await forgotten()
  })

  test('R4 a deletion that meets a result on its way waits for it, and takes name and rating out of it', async () => {
    const slow = await world.deliverSlowly(world.ended('10', duel))
    const deleting = world.deliver(world.deleted('1'))
    expect(await Promise.race([deleting.then(() => 'done'), soon(200).then(() => 'waits')])).toBe('waits')
    await slow.commit()
    await deleting
    await forgotten()
  })

  test('R4 a result that meets a deletion on its way waits for it, and brings nothing back', async () => {
    const slow = await world.deliverSlowly(world.deleted('1'))
    const recording = world.deliver(world.ended('10', duel))
    expect(await Promise.race([recording.then(() => 'done'), soon(200).then(() => 'waits')])).toBe('waits')
    await slow.commit()
    await recording
    await forgotten()
  })
})

/** Ratings as rules.ts makes them, match by match in the order they are heard of. */
class RatingModel {
  readonly skills = new Map<Id, Skill & { matches: number }>()
  readonly forgotten = new Set<Id>()

  finish(placed: readonly Placed[]): void {
    const before = placed.map(({ playerId, bot }) => (bot ? BOT : (this.skills.get(playerId) ?? NEWCOMER)))
    const after = rated(placed.map(({ rank }, index) => ({ rank, skill: before[index] ?? NEWCOMER })))
    for (const [index, { playerId, bot }] of placed.entries()) {
      const skill = after[index]
      if (bot || this.forgotten.has(playerId) || !skill) continue
      this.skills.set(playerId, { ...skill, matches: (this.skills.get(playerId)?.matches ?? 0) + 1 })
    }
  }

  forget(playerId: Id): void {
    this.forgotten.add(playerId)
    this.skills.delete(playerId)
  }
}

const PLAYERS = ['1', '2', '3', '4', '5', '6']
const placed = fc
  .uniqueArray(fc.record({ playerId: fc.constantFrom(...PLAYERS, '90', '91'), rank: fc.integer({ min: 1, max: 4 }) }), {
    selector: ({ playerId }) => playerId,
    minLength: 1,
    maxLength: 5,
  })
  .map((all) => all.map((one) => ({ ...one, bot: one.playerId.startsWith('9') })))
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('match' as const), placed, isKilled: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('again' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), playerId: fc.constantFrom(...PLAYERS) }) },
)

test('A7 R1 R2 R4 ratings are the model’s through any history of results, duplicates, kills and deletions', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 15 }), async (steps) => {
      await world.clear()
      const model = new RatingModel()
      const heard: Envelope[] = []
      for (const [index, each] of steps.entries()) {
        const again = each.kind === 'again' ? heard[each.which % Math.max(1, heard.length)] : undefined
        if (again) await world.deliver(again)
        if (each.kind === 'again') continue
        const event =
          each.kind === 'match' ? world.ended(String(10 + index), each.placed) : world.deleted(each.playerId)
        if (each.kind === 'match' && each.isKilled) await (await world.deliverSlowly(event)).die()
        heard.push(event)
        await world.deliver(event)
        if (each.kind === 'match') model.finish(each.placed)
        else model.forget(each.playerId)
        const { ratings } = await world.handlers.ratings(
          { game: 'arena', playerIds: PLAYERS },
          serviceContext('matchmaking'),
        )
        const shown = PLAYERS.map((id) => [id, shownRating(model.skills.get(id) ?? NEWCOMER)])
        expect(ratings).toEqual(Object.fromEntries(shown))
      }
      for (const id of PLAYERS) expect((await ratingOf(id)).matches).toBe(model.skills.get(id)?.matches ?? 0)
    }),
    { numRuns: 40, seed: 7, interruptAfterTimeLimit: 30_000 },
  )
}, 60_000)

test('C9 ratings of many are for services, for at most a hundred players at a time', async () => {
  const { kit } = world.made
  const { log, metrics, clock } = kit
  const host = await createHost({ services: [world.service], kit: () => kit, log, metrics, clock, freeze: true })
  const input = { game: 'arena', playerIds: Array.from({ length: 100 }, (_, index) => String(index + 1)) }
  await world.deliver(world.ended('10', duel))
  const answer = await host.dispatch('matches', 'ratings', input, serviceContext('matchmaking'))
  const shown = await Promise.all(input.playerIds.map(async (id) => [id, (await ratingOf(id)).rating]))
  expect(answer).toEqual({ ratings: Object.fromEntries(shown) })
  const none = host.dispatch('matches', 'ratings', { ...input, playerIds: [] }, serviceContext('matchmaking'))
  expect(await none).toEqual({ ratings: {} })

  const more = { ...input, playerIds: [...input.playerIds, '101'] }
  const tooMany = host.dispatch('matches', 'ratings', more, serviceContext('matchmaking'))
  await expect(tooMany).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field: 'playerIds' } })
  const player = () => contextOf(playerCaller('7'))
  await expect(host.call('matches.ratings', input, player())).rejects.toMatchObject({ code: 'UNKNOWN_CALL' })
  await expect(host.dispatch('matches', 'ratings', input, player())).rejects.toMatchObject({ code: 'FORBIDDEN' })
})
