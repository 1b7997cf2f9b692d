import { playerContext, serviceContext, testKit } from '@meydan/conformance/harness'
import type { EventData, EventType, Id } from '@meydan/contracts/core'
import { USER_DELETED } from '@meydan/contracts/identity'
import { MATCH_FINISHED } from '@meydan/contracts/matches'
import { DELETED_PLAYER_NAME } from '@meydan/contracts/players'
import { ROOM_ENDED } from '@meydan/contracts/rooms'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { MATCH_RESULT, matchesService } from './module.ts'
import { ended } from './tests/world.ts'

const made = await testKit<Record<never, never>>('matches', new URL('./migrations/', import.meta.url))
afterAll(() => made.close())
const { handlers, listeners = [] } = matchesService({ games: [{ name: 'arena' }] }).build(made.kit)
beforeEach(async () => {
  await made.database.postgres.pool.query(
    'truncate matches.matches, matches.placings, matches.ratings, matches.forgotten, matches.outbox',
  )
})

/** Delivers an event to those who hear it, as the bus does; each in a transaction of its own. */
async function hear<E extends EventType>(event: E, data: EventData<E>): Promise<void> {
  for (const listener of listeners.filter((one) => one.event.name === event.name)) {
    const heard = { id: made.kit.nextId(), data, at: '2026-01-01T00:00:00.000Z' }
    await made.kit.db.transaction((tx) => listener.handle(tx, heard))
  }
}

const rating = (playerId: Id) => handlers.rating({ game: 'arena' }, playerContext(playerId))

describe('matches', () => {
  test('A7 R1 a result delivered twice, also at the same time, is one match and rates once', async () => {
    const end = ended('10', [
      { playerId: '1', rank: 1 },
      { playerId: '2', rank: 2 },
    ])
    await Promise.all([hear(ROOM_ENDED, end), hear(ROOM_ENDED, end), hear(ROOM_ENDED, end)])
    expect((await rating('1')).matches).toBe(1)
    const match = await handlers.get({ matchId: '10' }, playerContext('5'))
    expect(match.placings.map(({ playerId, rank }) => [playerId, rank])).toEqual([
      ['1', 1],
      ['2', 2],
    ])
    expect(await made.publishedEvents()).toMatchObject([{ name: 'MATCH_FINISHED', data: { match } }])
  })

  test('R1 a room that ended without a result leaves no match', async () => {
    await hear(ROOM_ENDED, ended('10', []))
    await expect(handlers.get({ matchId: '10' }, playerContext('1'))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(await made.publishedEvents()).toEqual([])
  })

  test('R2 winners rise, bots count as opponents and keep no rating', async () => {
    await hear(
      ROOM_ENDED,
      ended('10', [
        { playerId: '1', rank: 1 },
        { playerId: '90', rank: 2, bot: true },
        { playerId: '2', rank: 3 },
      ]),
    )
    expect((await rating('1')).rating).toBeGreaterThan(1_000)
    expect((await rating('1')).rating).toBeGreaterThan((await rating('2')).rating)
    expect(await rating('90')).toMatchObject({ rating: 1_000, matches: 0 })
    const { placings } = await handlers.get({ matchId: '10' }, playerContext('1'))
    expect(placings[1]).toMatchObject({ bot: true, ratingBefore: null, ratingAfter: null })
    expect(placings[0]?.ratingAfter).toBeCloseTo((await rating('1')).rating)
  })

  test('R2 matches of one newcomer that end together both count', async () => {
    const ends = ['10', '11', '12', '13', '14'].map((roomId, index) =>
      ended(roomId, [
        { playerId: '1', rank: 1 },
        { playerId: `${index + 2}`, rank: 2 },
      ]),
    )
    await Promise.all(ends.map((end) => hear(ROOM_ENDED, end)))
    expect((await rating('1')).matches).toBe(5)
    const { matches } = await handlers.mine({ limit: 20 }, playerContext('1'))
    const steps = matches.map(({ placings }) => placings.find(({ playerId }) => playerId === '1'))
    const befores = steps.map((placing) => placing?.ratingBefore ?? 0).toSorted((a, b) => a - b)
    const afters = steps.map((placing) => placing?.ratingAfter ?? 0).toSorted((a, b) => a - b)
    // Each began where another had ended.
    expect(befores.slice(1)).toEqual(afters.slice(0, -1))
  })

  test('R2 ratings of many: newcomers have the rating of a newcomer', async () => {
    await hear(
      ROOM_ENDED,
      ended('10', [
        { playerId: '1', rank: 1 },
        { playerId: '2', rank: 2 },
      ]),
    )
    const { ratings } = await handlers.ratings({ game: 'arena', playerIds: ['1', '8'] }, serviceContext('matchmaking'))
    expect(ratings).toEqual({ 1: (await rating('1')).rating, 8: 1_000 })
  })

  test("one's matches come newest first, page after page, and nobody else's", async () => {
    for (const roomId of ['9', '10', '11', '12']) {
      await hear(ROOM_ENDED, ended(roomId, [{ playerId: roomId === '11' ? '3' : '1', rank: 1 }]))
    }
    const first = await handlers.mine({ limit: 2 }, playerContext('1'))
    expect(first.matches.map(({ matchId }) => matchId)).toEqual(['12', '10'])
    const second = await handlers.mine({ limit: 2, before: '10' }, playerContext('1'))
    expect(second.matches.map(({ matchId }) => matchId)).toEqual(['9'])
  })

  test('R3 each person of a match is told the result', async () => {
    const told: string[] = []
    for (const topic of ['user:1', 'user:2', 'user:90']) {
      await made.kit.topics.subscribe(topic, ({ event }) => void told.push(`${topic} ${event}`))
    }
    await hear(
      ROOM_ENDED,
      ended('10', [
        { playerId: '1', rank: 1 },
        { playerId: '2', rank: 2 },
        { playerId: '90', rank: 3, bot: true },
      ]),
    )
    const match = await handlers.get({ matchId: '10' }, playerContext('1'))
    await hear(MATCH_FINISHED, { match })
    expect(told.toSorted()).toEqual([`user:1 ${MATCH_RESULT}`, `user:2 ${MATCH_RESULT}`])
  })

  test('R4 a deleted account leaves no name and no rating, in results before and after', async () => {
    const placed = [
      { playerId: '1', rank: 1 },
      { playerId: '2', rank: 2 },
    ]
    await hear(ROOM_ENDED, ended('10', placed))
    await hear(USER_DELETED, { userId: '1', at: '2026-01-01T00:02:00.000Z' })
    await hear(ROOM_ENDED, ended('11', placed))
    for (const matchId of ['10', '11']) {
      const { placings } = await handlers.get({ matchId }, playerContext('2'))
      expect(placings.map(({ name }) => name)).toEqual([DELETED_PLAYER_NAME, 'name of 2'])
    }
    expect(await rating('1')).toMatchObject({ rating: 1_000, matches: 0 })
    expect((await rating('2')).matches).toBe(2)
  })
})
