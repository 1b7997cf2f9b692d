import { playerContext, serviceContext, testKit } from '@meydan/conformance/harness'
import { core, Fault, type Game, type Id } from '@meydan/contracts/core'
import { DELETED_PLAYER_NAME } from '@meydan/contracts/players'
import { ROOM_ENDED, roomsErrors, SEAT_LEFT } from '@meydan/contracts/rooms'
import type { Listener } from '@meydan/kernel/events'
import { manualClock } from '@meydan/kernel/time'
import { localRooms } from '@meydan/realtime/line'
import {
  bestToWatch,
  type OpenRequest,
  type RoomDescription,
  type RoomEnd,
  type RoomEngine,
  WATCHABLE_MAX,
} from '@meydan/realtime/rooms'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { roomsService } from './module.ts'
import { OPENING_MS_MAX } from './rules.ts'

const clock = manualClock()
const made = await testKit<Record<never, never>>('rooms', new URL('./migrations/', import.meta.url), { clock })
afterAll(() => made.close())

const game: Game = {
  name: 'dice',
  version: 1,
  title: 'Dice',
  seats: { min: 2, max: 3 },
  tickMs: 50,
  sendEveryTicks: 1,
  lastsMsMax: 60_000,
  joinInProgress: true,
  inputLayout: {},
  viewLayout: {},
  sharedView: true,
  create: () => ({}),
  join: () => undefined,
  leave: () => undefined,
  input: () => undefined,
  tick: () => undefined,
  view: () => undefined,
  snapshot: () => null,
  restore: () => ({}),
  outcome: () => null,
  bot: () => null,
}

interface FakeRoom {
  readonly request: OpenRequest
  readonly startedAtMs: number
  readonly seats: { index: number; playerId: Id; name: string; bot: boolean; left: boolean }[]
}

function described({ request, seats, startedAtMs }: FakeRoom): RoomDescription {
  const { roomId, game: name } = request
  return { roomId, game: name, startedAtMs, seats: seats.filter(({ left }) => !left), watching: 3 }
}

/** Seats people and ends rooms as the engine does, and plays nothing. */
function fakeEngine() {
  const rooms = new Map<Id, FakeRoom>()
  const listeners: ((end: RoomEnd) => void)[] = []
  const snapshots = new Map<Id, FakeRoom>()
  const elsewhere = new Set<Id>()
  let isFull = false
  let refusal: Fault | undefined
  const roomOf = (roomId: Id): FakeRoom => {
    const room = rooms.get(roomId)
    if (!room) throw roomsErrors.ROOM_GONE()
    return room
  }
  const end = (roomId: Id, reason = 'time'): void => {
    const { request, seats } = roomOf(roomId)
    rooms.delete(roomId)
    const standings = seats.map(({ index }) => ({ seat: index, rank: index + 1, score: 10 - index }))
    const atMs = clock.now()
    for (const listener of listeners) {
      listener({
        roomId,
        game: request.game,
        gameVersion: 1,
        seed: request.seed,
        startedAtMs: atMs,
        endedAtMs: atMs,
        reason,
        outcome: { standings, reason },
        seats,
      })
    }
  }
  const engine: RoomEngine = {
    games: new Map([[game.name, game]]),
    get isFull() {
      return isFull
    },
    async open(request) {
      if (refusal) throw refusal
      const seats = request.seats.map((seat, index) => ({ ...seat, index, left: false }))
      if (!rooms.has(request.roomId)) rooms.set(request.roomId, { request, seats, startedAtMs: clock.now() })
    },
    async restore(roomId) {
      if (elsewhere.has(roomId)) throw core.CONFLICT()
      const room = rooms.get(roomId) ?? snapshots.get(roomId)
      if (room) rooms.set(roomId, room)
      return room !== undefined
    },
    async seat(roomId, seat) {
      const { seats } = roomOf(roomId)
      const known = seats.find(({ playerId, left }) => playerId === seat.playerId && !left)
      if (known) return known.index
      if (seats.length >= game.seats.max) throw roomsErrors.ROOM_FULL()
      seats.push({ ...seat, index: seats.length, left: false })
      return seats.length - 1
    },
    async leave(roomId, playerId) {
      const seat = roomOf(roomId).seats.find((one) => one.playerId === playerId && !one.left)
      if (!seat) throw roomsErrors.NOT_SEATED()
      seat.left = true
      if (roomOf(roomId).seats.every(({ bot, left }) => bot || left)) end(roomId, 'abandoned')
    },
    describe(roomId) {
      const room = rooms.get(roomId)
      if (!room) return null
      return described(room)
    },
    watchable: (game) => bestToWatch([...rooms.values()].map(described), game),
    onEnd: (listener) => void listeners.push(listener),
    registeredBy: () => undefined,
    attach: () => Promise.reject(roomsErrors.NOT_SEATED()),
    spectate: () => Promise.reject(roomsErrors.NOT_WATCHABLE()),
    start: () => undefined,
    drain: async () => undefined,
    stop: async () => undefined,
  }
  return {
    engine,
    rooms,
    snapshots,
    elsewhere,
    end,
    refuseWith: (fault: Fault | undefined) => {
      refusal = fault
    },
    fill: (full: boolean) => {
      isFull = full
    },
  }
}

function process(processId = 'node-0') {
  const fake = fakeEngine()
  const built = roomsService({
    engine: fake.engine,
    anywhere: localRooms(fake.engine),
    processId,
    matchMs: undefined,
  }).build(made.kit)
  return { ...fake, ...built }
}

const seat = (playerId: Id, bot = false) => ({ playerId, name: `name of ${playerId}`, bot })
const service = () => serviceContext('matchmaking')

async function code(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'answered'
  } catch (error) {
    if (error instanceof Fault) return error.code
    throw error
  }
}

async function published(name: string): Promise<unknown[]> {
  return (await made.publishedEvents()).filter((event) => event.name === name).map(({ data }) => data)
}

function listenerOf(listeners: readonly Listener[] | undefined, name: string): Listener {
  const found = listeners?.find((listener) => listener.name === name)
  if (!found) throw new Error(`no listener ${name}`)
  return found
}

async function deleteUser(built: ReturnType<typeof process>, userId: Id): Promise<void> {
  const listener = listenerOf(built.listeners, 'forget')
  const heard = {
    id: made.kit.nextId(),
    data: { userId, at: '2026-01-01T00:02:00.000Z' },
    at: new Date(clock.now()).toISOString(),
  }
  await made.kit.db.transaction((tx) => listener.handle(tx, heard))
}

async function runJobs(built: ReturnType<typeof process>): Promise<void> {
  for (const job of built.jobs ?? []) await job.run(new AbortController().signal)
}

let here: ReturnType<typeof process>
beforeEach(() => {
  here = process()
})
afterEach(async () => {
  await here.drain?.(1_000)
  await made.database.postgres.pool.query('truncate rooms.rooms, rooms.seats, rooms.outbox')
})

describe('rooms', () => {
  test('M2 the same room opened twice, also at the same time, is one room with its first seats', async () => {
    const open = (ids: Id[]) =>
      here.handlers.open({ roomId: '10', game: 'dice', seats: ids.map((id) => seat(id)) }, service())
    await Promise.all([open(['1', '2']), open(['1', '2']), open(['1', '2'])])
    expect(here.rooms.get('10')?.seats.map(({ playerId }) => playerId)).toEqual(['1', '2'])
    expect(await published('ROOM_OPENED')).toMatchObject([{ roomId: '10', playerIds: ['1', '2'] }])
  })

  test('M2 a room that is over cannot be opened again, and a game that is not here never', async () => {
    await here.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1'), seat('2')] }, service())
    here.end('10')
    const again = { roomId: '10', game: 'dice', seats: [seat('1'), seat('2')] }
    expect(await code(here.handlers.open(again, service()))).toBe('ROOM_GONE')
    await here.drain?.(1_000)
    expect(await code(here.handlers.open(again, service()))).toBe('ROOM_GONE')
    expect(here.rooms.size).toBe(0)
    expect(await code(here.handlers.open({ ...again, roomId: '11', game: 'chess' }, service()))).toBe('UNKNOWN_GAME')
  })

  test('M2 a room that the engine refuses is over, and its seats are free', async () => {
    here.refuseWith(core.UNAVAILABLE())
    const open = () => here.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1')] }, service())
    expect(await code(open())).toBe('UNAVAILABLE')
    here.refuseWith(undefined)
    expect(await code(open())).toBe('ROOM_GONE')
    expect(await published('ROOM_ENDED')).toMatchObject([{ roomId: '10', reason: 'refused', standings: [] }])
    expect(await here.handlers.running({ roomIds: ['10'] }, service())).toEqual({ rooms: [] })
  })

  test('M2 while there is no room for another match nothing is written, and the same room may be opened later', async () => {
    const open = (roomId: Id) => here.handlers.open({ roomId, game: 'dice', seats: [seat('1')] }, service())
    await open('10')
    here.fill(true)
    expect(await code(open('11'))).toBe('ROOMS_FULL')
    // The one that runs is not asked for again.
    expect(await code(open('10'))).toBe('answered')
    expect(await published('ROOM_ENDED')).toEqual([])
    expect(await published('ROOM_OPENED')).toMatchObject([{ roomId: '10' }])
    here.fill(false)
    expect(await code(open('11'))).toBe('answered')
  })

  test('M3 the end is announced once with its standings, and the room is gone', async () => {
    await here.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1'), seat('90', true)] }, service())
    here.end('10')
    await here.drain?.(1_000)
    await runJobs(here)
    const [ended, ...more] = await published('ROOM_ENDED')
    expect(more).toEqual([])
    expect(ROOM_ENDED.data.parse(ended)).toMatchObject({
      reason: 'time',
      standings: [
        { playerId: '1', name: 'name of 1', rank: 1, bot: false, left: false },
        { playerId: '90', rank: 2, bot: true },
      ],
    })
    expect(await code(here.handlers.find({ roomId: '10' }, playerContext('1')))).toBe('ROOM_GONE')
  })

  test('A4 M4 who left is free, may leave twice, and gets no seat in that room again', async () => {
    await here.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1'), seat('2')] }, service())
    expect(await code(here.handlers.leave({ roomId: '10' }, playerContext('7')))).toBe('NOT_SEATED')
    await here.handlers.leave({ roomId: '10' }, playerContext('1'))
    await here.handlers.leave({ roomId: '10' }, playerContext('1'))
    expect(await published('SEAT_LEFT')).toMatchObject([{ roomId: '10', playerId: '1' }])
    expect(await here.handlers.running({ roomIds: ['10', '11'] }, service())).toEqual({
      rooms: [{ roomId: '10', playerIds: ['2'] }],
    })
    expect(await code(here.handlers.seat({ roomId: '10', seat: seat('1') }, service()))).toBe('SEAT_GIVEN_UP')
    expect(await code(here.handlers.leave({ roomId: '99' }, playerContext('1')))).toBe('ROOM_GONE')
  })

  test('A4 M4 a new seat gives up the old one, wherever both are', async () => {
    await here.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1'), seat('2')] }, service())
    await here.handlers.open({ roomId: '11', game: 'dice', seats: [seat('1'), seat('3')] }, service())
    expect(await here.handlers.running({ roomIds: ['10', '11'] }, service())).toEqual({
      rooms: expect.arrayContaining([
        { roomId: '10', playerIds: ['2'] },
        { roomId: '11', playerIds: expect.arrayContaining(['1', '3']) },
      ]),
    })
    expect(here.engine.describe('10')?.seats.map(({ playerId }) => playerId)).toEqual(['2'])
    await here.handlers.seat({ roomId: '11', seat: seat('2') }, service())
    await here.drain?.(1_000)
    expect(await published('SEAT_LEFT')).toEqual([
      SEAT_LEFT.data.parse({ roomId: '10', playerId: '1', at: new Date(clock.now()).toISOString() }),
      SEAT_LEFT.data.parse({ roomId: '10', playerId: '2', at: new Date(clock.now()).toISOString() }),
    ])
    expect(await published('ROOM_ENDED')).toMatchObject([{ roomId: '10', reason: 'abandoned' }])
  })

  test('A4 of two rooms that open at once with one player, one holds the seat', async () => {
    const results = await Promise.all(
      ['20', '21', '22', '23'].map((roomId) =>
        here.handlers.open({ roomId, game: 'dice', seats: [seat('1'), seat(`${roomId}1`)] }, service()).then(
          () => true,
          () => false,
        ),
      ),
    )
    expect(results).toContain(true)
    const { rooms } = await here.handlers.running({ roomIds: ['20', '21', '22', '23'] }, service())
    expect(rooms.filter(({ playerIds }) => playerIds.includes('1')).length).toBe(1)
  })

  test('M4 staff who look into an account cannot give up its seat', async () => {
    await here.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1')] }, service())
    const staff = playerContext('1', { actorId: '99' })
    expect(await code(here.handlers.leave({ roomId: '10' }, staff))).toBe('FORBIDDEN')
  })

  test('A5 M5 rooms of an earlier life of the process are over at its start, and nobody is stuck in them', async () => {
    const before = process('node-0')
    await before.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1')] }, service())
    const other = process('node-1')
    await other.handlers.open({ roomId: '11', game: 'dice', seats: [seat('2')] }, service())
    await here.start?.()
    expect(await published('ROOM_ENDED')).toMatchObject([{ roomId: '10', reason: 'lost', standings: [] }])
    expect(await here.handlers.running({ roomIds: ['10', '11'] }, service())).toEqual({
      rooms: [{ roomId: '11', playerIds: ['2'] }],
    })
  })

  test('M5 a room that the engine let go of without a word is ended, one that is opening or running is not', async () => {
    await here.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1')] }, service())
    await here.handlers.open({ roomId: '11', game: 'dice', seats: [seat('2')] }, service())
    here.rooms.delete('10')
    await runJobs(here)
    expect(await published('ROOM_ENDED')).toEqual([])
    clock.advance(OPENING_MS_MAX)
    await runJobs(here)
    expect(await published('ROOM_ENDED')).toMatchObject([{ roomId: '10', reason: 'lost' }])
  })

  test('A8 M8 a room whose process is gone is taken over once, from its snapshot', async () => {
    const gone = process('node-1')
    await gone.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1')] }, service())
    expect(await code(here.handlers.takeOver({ roomId: '10' }, service()))).toBe('UNAVAILABLE')
    for (const [roomId, room] of gone.rooms) here.snapshots.set(roomId, room)
    expect(await here.handlers.takeOver({ roomId: '10' }, service())).toEqual({})
    expect(here.engine.describe('10')?.seats.map(({ playerId }) => playerId)).toEqual(['1'])
    expect(await here.handlers.takeOver({ roomId: '10' }, service())).toEqual({})
    // Its old process starts anew, and leaves the room to its new owner.
    const back = process('node-1')
    await back.start?.()
    clock.advance(OPENING_MS_MAX)
    await runJobs(back)
    expect(await published('ROOM_ENDED')).toEqual([])
    here.end('10')
    await here.drain?.(1_000)
    expect(await code(here.handlers.takeOver({ roomId: '10' }, service()))).toBe('ROOM_GONE')
  })

  test('A8 M8 a room that another process owns is left to it, and one that nobody can go on with is over', async () => {
    const other = process('node-1')
    await other.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1')] }, service())
    await other.handlers.open({ roomId: '11', game: 'dice', seats: [seat('2')] }, service())
    clock.advance(OPENING_MS_MAX)
    here.elsewhere.add('10')
    expect(await here.handlers.takeOver({ roomId: '10' }, service())).toEqual({})
    // Its process may be there, and say so again to a cache that has lost its memory.
    expect(await code(here.handlers.takeOver({ roomId: '11' }, service()))).toBe('UNAVAILABLE')
    clock.advance(4_000)
    expect(await code(here.handlers.takeOver({ roomId: '11' }, service()))).toBe('ROOM_GONE')
    expect(await published('ROOM_ENDED')).toMatchObject([{ roomId: '11', reason: 'lost' }])
  })

  test('M5 M8 rooms of an earlier life of the process go on from their snapshots', async () => {
    const before = process('node-0')
    await before.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1')] }, service())
    for (const [roomId, room] of before.rooms) here.snapshots.set(roomId, room)
    await here.start?.()
    expect([here.rooms.has('10'), await published('ROOM_ENDED')]).toEqual([true, []])
  })

  test('M5 a room of a process that never came back is ended once it must be over', async () => {
    const other = process('node-1')
    await other.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1')] }, service())
    clock.advance(game.lastsMsMax)
    await runJobs(here)
    expect(await published('ROOM_ENDED')).toEqual([])
    clock.advance(60_000)
    await runJobs(here)
    expect(await published('ROOM_ENDED')).toEqual([])
    clock.advance(5_000)
    await runJobs(here)
    expect(await published('ROOM_ENDED')).toMatchObject([{ roomId: '10', reason: 'lost' }])
  })

  test('M7 live lists what can be watched, most people first and then the newest, at most so many', async () => {
    const open = (roomId: string, ...seats: ReturnType<typeof seat>[]) =>
      here.handlers.open({ roomId, game: 'dice', seats }, service())
    await open('10', seat('3'), seat('4'))
    clock.advance(1_000)
    await open('11', seat('2'), seat('91', true))
    clock.advance(1_000)
    await open('12', seat('1'), seat('90', true))
    const { rooms } = await here.handlers.live({}, playerContext('7'))
    expect(rooms.map(({ roomId }) => roomId)).toEqual(['10', '12', '11'])
    expect(rooms[2]).toEqual({
      roomId: '11',
      game: 'dice',
      startedAt: new Date(clock.now() - 1_000).toISOString(),
      watching: 3,
      seats: [
        { index: 0, playerId: '2', name: 'name of 2', bot: false },
        { index: 1, playerId: '91', name: 'name of 91', bot: true },
      ],
    })
    expect((await here.handlers.live({ game: 'dice' }, playerContext('7'))).rooms.length).toBe(3)
    expect(await code(here.handlers.live({ game: 'chess' }, playerContext('7')))).toBe('UNKNOWN_GAME')
    for (let n = 0; n < WATCHABLE_MAX; n++) await open(String(100 + n), seat(String(1_000 + n)))
    expect((await here.handlers.live({}, playerContext('7'))).rooms.length).toBe(WATCHABLE_MAX)
  })

  test('M6 who deletes the account leaves the room, and the result has no name', async () => {
    await here.handlers.open({ roomId: '10', game: 'dice', seats: [seat('1'), seat('2')] }, service())
    await deleteUser(here, '1')
    here.end('10')
    await here.drain?.(1_000)
    expect(await published('SEAT_LEFT')).toMatchObject([{ playerId: '1' }])
    expect(await published('ROOM_ENDED')).toMatchObject([
      {
        standings: [
          { playerId: '1', name: DELETED_PLAYER_NAME, left: true },
          { playerId: '2', name: 'name of 2' },
        ],
      },
    ])
  })
})
