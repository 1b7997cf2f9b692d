import { testKit } from '@meydan/conformance/harness'
import { afterAll, expect, test } from 'vitest'
import { type MatchmakingTables, openRooms } from './store.ts'

const made = await testKit('matchmaking', new URL('./migrations/', import.meta.url))
afterAll(() => made.close())
const db = made.kit.db.tables<MatchmakingTables>()

const NOON = new Date('2026-06-01T12:00:00Z')
const EARLIER = new Date('2026-06-01T11:55:00Z')
const MIDDAY = new Date('2026-06-01T11:58:00Z')

async function room(
  roomId: string,
  state: 'waiting' | 'starting' | 'playing',
  at: Date,
  people: number,
): Promise<void> {
  const game = 'arena'
  await db
    .insertInto('rooms')
    .values({ room_id: roomId, game, state, bots: 0, created_at: at, changed_at: at })
    .execute()
  for (let index = 0; index < people; index++) {
    const id = `${roomId}${index}`
    const ticket = {
      player_id: id,
      ticket_id: id,
      game,
      state: 'playing' as const,
      room_id: roomId,
      asked_at: at,
      changed_at: at,
    }
    await db.insertInto('tickets').values(ticket).execute()
  }
}

test('A2 of many rooms the matcher reads those that wait, and those that play, are young and have a free seat', async () => {
  await room('1', 'waiting', EARLIER, 5)
  await room('2', 'starting', NOON, 3)
  await room('3', 'playing', NOON, 5)
  await room('4', 'playing', NOON, 4)
  await room('5', 'playing', EARLIER, 3)
  const read = async (since: Date | null) =>
    (await openRooms(db, 'arena', { seatsMax: 5, since })).map(({ room_id, people }) => [room_id, people]).sort()
  expect(await read(MIDDAY)).toEqual([
    ['1', 5],
    ['4', 4],
  ])
  expect(await read(null)).toEqual([['1', 5]])
})
