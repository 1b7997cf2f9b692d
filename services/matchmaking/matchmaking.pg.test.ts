import { playerContext, testKit } from '@meydan/conformance/harness'
import { type Id, seededRandom } from '@meydan/contracts/core'
import { roomsErrors } from '@meydan/contracts/rooms'
import { idMaker } from '@meydan/kernel/ids'
import { systemClock } from '@meydan/kernel/time'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { matchmakingHandlers } from './handlers.ts'
import { type Called, createMatcher } from './matcher.ts'
import { matchmakingService } from './module.ts'
import type { GameRules } from './rules.ts'
import type { MatchmakingTables } from './store.ts'

const game: GameRules = { name: 'arena', seats: { min: 3, max: 5 }, joinInProgress: true, lastsMsMax: 180_000 }

/** Rooms as another service would keep them: who sits where. */
const open = new Map<Id, Set<Id>>()
let botsAreHere = true
const nextId = idMaker(systemClock, 7)
const { migrations } = matchmakingService({ games: [game], botWaitMs: 0 })
const made = await testKit<Called>('matchmaking', migrations, {
  nextId,
  call: {
    players: { names: async ({ playerIds }) => ({ names: Object.fromEntries(playerIds.map((id) => [id, `P${id}`])) }) },
    bots: {
      hire: async ({ count }) => {
        if (!botsAreHere) throw new Error('nobody answers for bots')
        return {
          bots: Array.from({ length: count }, (_, index) => ({ botId: nextId(), name: `Bot ${index}`, skill: 0.5 })),
        }
      },
    },
    rooms: {
      open: async ({ roomId, seats }) => {
        open.set(roomId, new Set(seats.filter(({ bot }) => !bot).map(({ playerId }) => playerId)))
        return { roomId }
      },
      seat: async ({ roomId, seat }) => {
        const seated = open.get(roomId)
        if (!seated || seated.size >= game.seats.max) throw roomsErrors.ROOM_FULL()
        return { seat: seated.add(seat.playerId).size - 1 }
      },
      find: async ({ roomId }) => {
        const seated = open.get(roomId)
        if (!seated) throw roomsErrors.ROOM_GONE()
        const seats = [...seated].map((playerId, index) => ({ index, playerId, name: '', bot: false }))
        return { roomId, game: 'arena', startedAt: new Date().toISOString(), seats }
      },
    },
  },
})
afterAll(() => made.close())
const { kit } = made
const db = kit.db.tables<MatchmakingTables>()
const partsWith = (botWaitMs: number) => ({ kit, games: new Map([[game.name, game]]), botWaitMs })
const patient = partsWith(3_600_000)
const handlers = matchmakingHandlers(patient)
const ask = (playerId: Id) => handlers.ask({ game: 'arena' }, playerContext(playerId))
const status = (playerId: Id) => handlers.status({}, playerContext(playerId))
const match = (parts = patient) => createMatcher(parts).run('arena')

beforeEach(async () => {
  open.clear()
  botsAreHere = true
  await db.deleteFrom('tickets').execute()
  await db.deleteFrom('rooms').execute()
})

describe('the queue on a real Postgres', () => {
  test('A1 asking writes a ticket and publishes the event that a consumer takes up, once', async () => {
    const before = (await made.publishedEvents()).length
    expect(await ask('11')).toMatchObject({ state: 'queued', seated: 1, needed: 3 })
    const again = await ask('11')
    expect(again).toEqual(await status('11'))
    const events = (await made.publishedEvents()).slice(before)
    expect(events.map(({ name }) => name)).toEqual(['MATCH_REQUESTED'])
  })

  test('A2 three people start at once, and a fourth joins the running room', async () => {
    for (const player of ['1', '2', '3']) await ask(player)
    await match()
    const first = await status('1')
    expect(first.state).toBe('playing')
    await ask('4')
    await match()
    expect(await status('4')).toEqual(first)
    expect([...open.values()].map((seated) => seated.size)).toEqual([4])
  })

  test('A4 asking again while in a game answers which; after leaving, the next ask is a new one', async () => {
    for (const player of ['1', '2', '3']) await ask(player)
    await match()
    const playing = await ask('1')
    expect(playing.state).toBe('playing')
    // The player leaves; the event that frees the ticket has not been heard yet.
    for (const seated of open.values()) seated.delete('1')
    expect((await ask('1')).state).toBe('queued')
  })

  test('A4 a running room that refuses a player is tried once; others or bots follow', async () => {
    for (const player of ['1', '2', '3']) await ask(player)
    await match()
    const [room] = [...open.values()]
    for (const full of ['x', 'y']) room?.add(full)
    await ask('4')
    await match()
    expect(await status('4')).toMatchObject({ state: 'queued' })
    await match(partsWith(0))
    expect((await status('4')).state).toBe('playing')
    expect(open.size).toBe(2)
  })

  test('A3 bots fill a room, and without them it is a waiting room again with the place kept', async () => {
    botsAreHere = false
    const before = await ask('1')
    await match(partsWith(0))
    expect(await status('1')).toMatchObject({
      state: 'queued',
      ...(before.state === 'queued' && { ticketId: before.ticketId }),
    })
    botsAreHere = true
    await match(partsWith(0))
    expect((await status('1')).state).toBe('playing')
  })

  test('A5 a player who vanished is dropped and holds nobody up', async () => {
    for (const player of ['1', '2', '3']) await ask(player)
    await kit.cache.delete('matchmaking:{2}:present')
    await match()
    expect(open.size).toBe(0)
    await ask('4')
    await match()
    expect((await status('4')).state).toBe('playing')
    expect((await status('2')).state).toBe('idle')
  })

  test('A2 A4 fifty who ask at once, matched by several processes, are each in exactly one room of three to five', async () => {
    const players = Array.from({ length: 50 }, (_, index) => String(1_000 + index))
    const random = seededRandom(5)
    await Promise.all(
      players.map(async (player) => {
        await new Promise((resolve) => setTimeout(resolve, random.int(0, 60)))
        await ask(player)
        await match()
      }),
    )
    await match(partsWith(0))
    const seated = [...open.values()].flatMap((room) => [...room])
    expect(seated.toSorted()).toEqual(players.toSorted())
    for (const room of open.values()) expect(room.size).toBeLessThanOrEqual(5)
    for (const player of players) expect((await status(player)).state).toBe('playing')
  })
})
