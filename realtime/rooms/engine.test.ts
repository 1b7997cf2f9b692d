import { handLoop, quietLog, quietMetrics } from '@meydan/conformance/harness'
import type { Game, GameEvent } from '@meydan/contracts/core'
import { InputCodec, NO_TICK, SnapshotDecoder } from '@meydan/contracts/wire'
import { memoryCache, memoryLeases } from '@meydan/drivers/memory'
import { arena } from '@meydan/games/arena'
import { tictactoe } from '@meydan/games/tictactoe'
import type { Lease } from '@meydan/kernel/storage'
import { manualClock, systemClock } from '@meydan/kernel/time'
import { afterEach, expect, test, vi } from 'vitest'
import {
  createRoomEngine,
  type EngineOptions,
  type LocalRoomEngine,
  type RoomEnd,
  type RoomSink,
  replay,
} from './index.ts'

const cache = memoryCache(systemClock)
const leases = memoryLeases(systemClock)
const engines: LocalRoomEngine[] = []
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop()
})

function engineOf(more: Partial<EngineOptions> = {}): LocalRoomEngine {
  const engine = createRoomEngine({
    games: [arena],
    clock: systemClock,
    cache,
    leases,
    log: quietLog,
    metrics: quietMetrics,
    processId: 'a',
    roomsMax: 10,
    ...more,
  })
  engine.start()
  engines.push(engine)
  return engine
}

const person = (playerId: string) => ({ playerId, name: `P${playerId}`, bot: false })
const bot = (playerId: string) => ({ playerId, name: `B${playerId}`, bot: true, skill: 0.5 })
const three = { game: 'arena', seats: [person('1'), person('2'), bot('3')], options: {}, seed: 7 }

function sinkOf() {
  const frames: Uint8Array[] = []
  const events: GameEvent[] = []
  const closed = vi.fn<RoomSink['closed']>()
  return {
    frames,
    events,
    closed,
    frame: (bytes: Uint8Array) => void frames.push(bytes.slice()),
    event: (event: GameEvent) => void events.push(event),
  }
}

test('A6 a seated player gets snapshots, and moves by input', async () => {
  const engine = engineOf()
  await engine.open({ ...three, roomId: '100' })
  const sink = sinkOf()
  const { joined, input } = await engine.attach({ roomId: '100', playerId: '1', sink })
  const decoder = new SnapshotDecoder(arena.viewLayout)
  const codec = new InputCodec(arena.inputLayout)
  const xs = new Set<number>()
  let seq = 0
  await vi.waitFor(
    () => {
      for (const frame of sink.frames.splice(0)) {
        const snapshot = decoder.decode(frame)
        const mine = snapshot && decoder.plan.tablesOf(snapshot.view).avatars.get(joined.seat)
        if (mine) xs.add(mine.x)
      }
      input(
        codec.encode(joined.handle, {
          ackTick: decoder.ackTick,
          seq: ++seq,
          inputs: [{ moveX: 1, moveY: 0, aim: 0, fire: 0 }],
        }),
      )
      expect(xs.size).toBeGreaterThan(10)
    },
    { timeout: 10_000, interval: 15 },
  )
})

test('A4 who left cannot come back through the old seat, and nobody plays without one', async () => {
  const engine = engineOf()
  await engine.open({ ...three, roomId: '101' })
  const sink = sinkOf()
  await engine.attach({ roomId: '101', playerId: '1', sink })
  await engine.leave('101', '1')
  expect(sink.closed).toHaveBeenCalledWith('left')
  await expect(engine.attach({ roomId: '101', playerId: '1', sink: sinkOf() })).rejects.toMatchObject({
    code: 'NOT_SEATED',
  })
  await expect(engine.attach({ roomId: '101', playerId: '99', sink: sinkOf() })).rejects.toMatchObject({
    code: 'NOT_SEATED',
  })
  await expect(engine.attach({ roomId: '999', playerId: '1', sink: sinkOf() })).rejects.toMatchObject({
    code: 'ROOM_GONE',
  })
})

test('T a process holds no more rooms than it may, however many are asked for at once', async () => {
  const engine = engineOf({ roomsMax: 3 })
  const ids = ['201', '202', '203', '204', '205']
  const opened = await Promise.allSettled(ids.map((roomId) => engine.open({ ...three, roomId })))
  expect(opened.map(({ status }) => status).toSorted()).toEqual([
    ...Array(3).fill('fulfilled'),
    ...Array(2).fill('rejected'),
  ])
  expect(engine.isFull).toBe(true)
  expect(ids.filter((roomId) => engine.describe(roomId) !== null)).toHaveLength(3)
})

test('T a second connection of a player replaces the first', async () => {
  const engine = engineOf()
  await engine.open({ ...three, roomId: '102' })
  const first = sinkOf()
  await engine.attach({ roomId: '102', playerId: '1', sink: first })
  await engine.attach({ roomId: '102', playerId: '1', sink: sinkOf() })
  expect(first.closed).toHaveBeenCalledWith('replaced')
})

test('B6 a bot gives way to a person when the room is full, and a room without people ends', async () => {
  const engine = engineOf()
  const ends: RoomEnd[] = []
  engine.onEnd((end) => ends.push(end))
  await engine.open({ ...three, roomId: '103', seats: [person('1'), bot('2'), bot('3'), bot('4'), bot('5')] })
  expect(await engine.seat('103', person('9'))).toBe(1)
  expect(await engine.seat('103', person('9'))).toBe(1)
  expect(engine.describe('103')?.seats.filter((seat) => seat.bot)).toHaveLength(3)
  await engine.leave('103', '1')
  await engine.leave('103', '9')
  expect(ends.map(({ reason }) => reason)).toEqual(['abandoned'])
  expect(engine.describe('103')).toBeNull()
})

test('T malformed inputs, floods and forged acknowledgements harm nobody', async () => {
  const engine = engineOf()
  await engine.open({ ...three, roomId: '104' })
  const sink = sinkOf()
  const { input, joined } = await engine.attach({ roomId: '104', playerId: '1', sink })
  expect(() => input(Uint8Array.of(1, 0, 0, 255))).toThrow(/malformed/)
  const codec = new InputCodec(arena.inputLayout)
  const still = { moveX: 0, moveY: 0, aim: 0, fire: 0 }
  for (let seq = 1; seq <= 1_000; seq++) {
    input(codec.encode(joined.handle, { ackTick: 4_000_000, seq, inputs: [still] }))
  }
  await vi.waitFor(() => expect(sink.frames.length).toBeGreaterThan(5), { timeout: 5_000 })
  const decoder = new SnapshotDecoder(arena.viewLayout)
  expect(decoder.decode(sink.frames[0] ?? new Uint8Array())).not.toBeNull()
})

test('T a game that throws ends its own room and no other', async () => {
  const broken: Game = {
    ...arena,
    name: 'broken',
    tick: () => {
      throw new Error('bug')
    },
  }
  const engine = engineOf({ games: [arena, broken] })
  const ends: RoomEnd[] = []
  engine.onEnd((end) => ends.push(end))
  await engine.open({ ...three, roomId: '105' })
  await engine.open({ ...three, roomId: '106', game: 'broken' })
  await vi.waitFor(() => expect(ends.map(({ roomId, reason }) => [roomId, reason])).toEqual([['106', 'error']]))
  expect(engine.describe('105')).not.toBeNull()
})

test('A8 a room is taken over from its snapshot with its positions', async () => {
  const first = engineOf()
  await first.open({ ...three, roomId: '107' })
  await vi.waitFor(async () => expect(await cache.get('room:{107}:snapshot')).toBeDefined(), { timeout: 5_000 })
  await first.stop()
  const second = engineOf({ processId: 'b' })
  expect(await second.restore('107')).toBe(true)
  expect(second.describe('107')?.seats.map(({ playerId }) => playerId)).toEqual(['1', '2', '3'])
  await expect(engineOf({ processId: 'c' }).open({ ...three, roomId: '107' })).rejects.toMatchObject({
    code: 'CONFLICT',
  })
})

test('A8 whoever takes a room over numbers no tick again that a client may have seen', async () => {
  const clock = manualClock()
  const [before, after] = [handLoop(), handLoop()]
  const first = engineOf({ clock, loop: before, leases: memoryLeases(clock) })
  await first.open({ ...three, roomId: '109' })
  // As far as its lease takes it, with no snapshot after the first.
  for (let tick = 1; tick < 2_000 / arena.tickMs; tick++) {
    clock.advance(arena.tickMs)
    before.tick()
  }
  const newest = first.recording('109')?.ticks ?? 0
  expect(newest).toBeGreaterThan(125)
  const second = engineOf({ processId: 'b', clock, loop: after, leases: memoryLeases(clock) })
  await second.restore('109')
  after.tick()
  expect(second.recording('109')?.ticks).toBeGreaterThan(newest)
})

test('T a recorded match replays to the same state', async () => {
  const engine = engineOf({ record: true })
  await engine.open({ ...three, roomId: '108', seats: [person('1'), bot('2'), bot('3')] })
  const { input, joined } = await engine.attach({ roomId: '108', playerId: '1', sink: sinkOf() })
  const codec = new InputCodec(arena.inputLayout)
  for (let seq = 1; seq <= 30; seq++) {
    input(
      codec.encode(joined.handle, { ackTick: NO_TICK, seq, inputs: [{ moveX: 1, moveY: seq % 2, aim: seq, fire: 1 }] }),
    )
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const recording = engine.recording('108')
  await new Promise((resolve) => setTimeout(resolve, 1_200))
  const later = engine.recording('108')
  if (!recording || !later) throw new Error('the room is gone')
  expect(later.steps.length).toBeGreaterThan(40)
  expect(replay(arena, { ...later, ticks: recording.ticks, steps: [...recording.steps] })).toEqual(
    replay(arena, recording),
  )
  const snapshot = await cache.get('room:{108}:snapshot')
  if (
    snapshot === undefined ||
    snapshot instanceof Uint8Array ||
    typeof snapshot !== 'object' ||
    snapshot === null ||
    !('tick' in snapshot)
  ) {
    throw new Error('there is no snapshot')
  }
  const upTo = Number(snapshot.tick)
  const steps = later.steps.filter(({ tick }) => tick < upTo)
  expect(replay(arena, { ...later, steps, ticks: upTo }).state).toEqual(snapshot.state)
})

test('T a turn-based game is silent between moves, once its view is acknowledged', async () => {
  const engine = engineOf({ games: [tictactoe] })
  await engine.open({ roomId: '109', game: 'tictactoe', seats: [person('1'), person('2')], options: {}, seed: 1 })
  const sink = sinkOf()
  const { input, joined } = await engine.attach({ roomId: '109', playerId: '1', sink })
  const decoder = new SnapshotDecoder(tictactoe.viewLayout)
  const codec = new InputCodec(tictactoe.inputLayout)
  const acknowledge = (seq: number, cells: readonly number[]) => {
    for (const frame of sink.frames.splice(0)) decoder.decode(frame)
    input(codec.encode(joined.handle, { ackTick: decoder.ackTick, seq, inputs: cells.map((cell) => ({ cell })) }))
  }
  await vi.waitFor(() => expect(sink.frames.length).toBeGreaterThan(0), { timeout: 5_000 })
  acknowledge(0, [])
  await new Promise((resolve) => setTimeout(resolve, 700))
  expect(sink.frames.length).toBeLessThanOrEqual(1)
  acknowledge(1, [4])
  await vi.waitFor(() => expect(sink.events).toEqual([{ type: 'MOVE', seat: 0, cell: 4 }]), { timeout: 5_000 })
  await vi.waitFor(() => expect(sink.frames.length).toBeGreaterThan(0), { timeout: 5_000 })
})

test('A8 all rooms are kept twice a second, never many of them at one moment, and none is forgotten after a stall', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const clock = manualClock()
    const kept: string[] = []
    const watched = { ...memoryLeases(clock), renew: async ({ name }: Lease) => kept.push(name) > 0 }
    const engine = engineOf({ clock, leases: watched, loop: handLoop(), roomsMax: 50 })
    for (let room = 0; room < 50; room++) await engine.open({ ...three, roomId: `${700 + room}` })
    let most = 0
    const pass = (ms: number, stepMs: number): void => {
      for (let passed = 0; passed < ms; passed += stepMs) {
        const before = kept.length
        clock.advance(stepMs)
        vi.advanceTimersByTime(Math.min(stepMs, 40))
        most = Math.max(most, kept.length - before)
      }
    }
    pass(1_000, 40)
    kept.length = 0
    most = 0
    pass(3_000, 40)
    expect([kept.length, new Set(kept).size, most <= 4]).toEqual([300, 50, true])
    kept.length = 0
    // The timers of a busy process run late; the leases do not wait.
    pass(3_000, 500)
    expect(kept.length).toBe(300)
  } finally {
    vi.useRealTimers()
  }
})

test('A8 a room whose lease may be another process’s stands still until it is renewed', async () => {
  const clock = manualClock()
  const loop = handLoop()
  const renewed = Promise.withResolvers<boolean>()
  const slow = { ...memoryLeases(clock), renew: () => renewed.promise }
  const engine = engineOf({ clock, leases: slow, loop })
  await engine.open({ ...three, roomId: '800' })
  const ticksAfter = (ms: number): number => {
    clock.advance(ms)
    loop.tick()
    return engine.recording('800')?.ticks ?? -1
  }
  expect([ticksAfter(1_999), ticksAfter(2), ticksAfter(1_000)]).toEqual([1, 1, 1])
  renewed.resolve(true)
  await expect.poll(() => ticksAfter(0)).toBe(2)
})

test('A8 after standing still for longer than its leases a process goes on with the rooms that nobody took, and with no other', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const clock = manualClock()
    const shared = { clock, cache: memoryCache(clock), leases: memoryLeases(clock) }
    const sleeper = engineOf({ ...shared, loop: handLoop() })
    for (const roomId of ['810', '811']) await sleeper.open({ ...three, roomId })
    clock.advance(30_000)
    const other = engineOf({ ...shared, loop: handLoop(), processId: 'b' })
    await other.restore('811')
    await vi.advanceTimersByTimeAsync(2_000)
    const runs = (engine: LocalRoomEngine): boolean[] => ['810', '811'].map((id) => engine.describe(id) !== null)
    expect([runs(sleeper), runs(other)]).toEqual([
      [true, false],
      [false, true],
    ])
    await other.stop()
  } finally {
    vi.useRealTimers()
  }
})

test('A8 a store that lost its memory ends no room: who was sure of a lease takes it again, who was not asks the registry first', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  try {
    const clock = manualClock()
    let [cache, leases] = [memoryCache(clock), memoryLeases(clock)]
    const engine = engineOf({
      clock,
      loop: handLoop(),
      cache: new Proxy(cache, { get: (_, name) => Reflect.get(cache, name) }),
      leases: new Proxy(leases, { get: (_, name) => Reflect.get(leases, name) }),
    })
    const asked: string[] = []
    engine.registeredBy(async (roomId) => asked.push(roomId) > 0 && roomId === '820')
    for (const roomId of ['820', '821']) await engine.open({ ...three, roomId })
    const forgetAfter = async (ms: number): Promise<void> => {
      clock.advance(ms)
      ;[cache, leases] = [memoryCache(clock), memoryLeases(clock)]
      await vi.advanceTimersByTimeAsync(1_000)
    }
    const runs = (): boolean[] => ['820', '821'].map((roomId) => engine.describe(roomId) !== null)

    await forgetAfter(1_500)
    expect([runs(), asked]).toEqual([[true, true], []])
    expect(await leases.holder('room:{820}')).not.toBeNull()
    expect(await cache.get('room:{820}:snapshot')).toBeDefined()

    await forgetAfter(5_000)
    expect([runs(), asked.toSorted()]).toEqual([
      [true, false],
      ['820', '821'],
    ])
  } finally {
    vi.useRealTimers()
  }
})

test('A8 a seat is in the snapshot before it is acknowledged', async () => {
  const clock = manualClock()
  const cache = memoryCache(clock)
  const engine = engineOf({ clock, cache, loop: handLoop() })
  await engine.open({ roomId: '830', game: 'arena', seats: [person('1')], options: {}, seed: 1 })
  await engine.seat('830', person('2'))
  expect(await cache.get('room:{830}:snapshot')).toMatchObject({ seats: [{ playerId: '1' }, { playerId: '2' }] })
})
