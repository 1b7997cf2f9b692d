import { handLoop, quietLog, quietMetrics } from '@meydan/conformance/harness'
import type { Game, GameEvent } from '@meydan/contracts/core'
import { memoryCache, memoryLeases } from '@meydan/drivers/memory'
import { manualClock } from '@meydan/kernel/time'
import { expect, test } from 'vitest'
import { createRoomEngine, type RoomSink } from './index.ts'
import { KEPT_EVENTS_MAX, ToldEvents } from './told.ts'

/** Tells each tick to everybody, and every third to seat 1 alone. */
const crier: Game<{ ticks: number }> = {
  name: 'crier',
  version: 1,
  title: 'Crier',
  seats: { min: 2, max: 2 },
  tickMs: 20,
  sendEveryTicks: 1,
  lastsMsMax: 600_000,
  joinInProgress: true,
  spectators: true,
  inputLayout: {},
  viewLayout: {},
  sharedView: true,
  create: () => ({ ticks: 0 }),
  join: () => undefined,
  leave: () => undefined,
  input: () => undefined,
  tick(state, turn) {
    state.ticks++
    turn.emit({ type: 'CRY', n: state.ticks })
    if (state.ticks % 3 === 0) turn.emit({ type: 'WHISPER', n: state.ticks }, 1)
  },
  view: () => undefined,
  snapshot: ({ ticks }) => ({ ticks }),
  restore: (state) => ({ ticks: (state as { ticks: number }).ticks }),
  outcome: () => null,
  bot: () => null,
}
const clock = manualClock()
const cache = memoryCache(clock)
const person = (playerId: string) => ({ playerId, name: `P${playerId}`, bot: false })

function processOf(processId: string) {
  const loop = handLoop()
  const leases = memoryLeases(clock)
  const parts = { clock, cache, leases, log: quietLog, metrics: quietMetrics, roomsMax: 10 }
  return { loop, engine: createRoomEngine({ games: [crier], processId, loop, handsOver: true, ...parts }) }
}

function listener() {
  const heard: [number, GameEvent][] = []
  const sink: RoomSink = {
    frame: () => undefined,
    event: (event, seq) => void heard.push([seq, event]),
    closed: () => undefined,
  }
  const names = () => heard.map(([, event]) => `${event.type} ${event.n}`)
  return { heard, sink, names }
}

test('B1 who comes back is told what the room told meanwhile, once: a seat its own events too, a watcher what everybody may hear', async () => {
  const { engine, loop } = processOf('a')
  await engine.open({ roomId: '1', game: 'crier', seats: [person('10'), person('11')], options: {}, seed: 7 })
  const before = listener()
  const attachment = await engine.attach({ roomId: '1', playerId: '11', sink: before.sink })
  for (let tick = 0; tick < 2; tick++) loop.tick()
  attachment.detach()
  for (let tick = 0; tick < 2; tick++) loop.tick()
  const after = before.heard.at(-1)?.[0]
  const [again, watcher, newcomer] = [listener(), listener(), listener()]
  await engine.attach({ roomId: '1', playerId: '11', sink: again.sink, after })
  await engine.spectate({ roomId: '1', playerId: '12', sink: watcher.sink, after })
  const { joined } = await engine.attach({ roomId: '1', playerId: '10', sink: newcomer.sink })
  expect(before.names()).toEqual(['CRY 1', 'CRY 2'])
  expect([again.names(), watcher.names()]).toEqual([
    ['CRY 3', 'WHISPER 3', 'CRY 4'],
    ['CRY 3', 'CRY 4'],
  ])
  // Who was never there hears what comes from now on, and knows where that begins.
  expect([newcomer.names(), joined.eventSeq]).toEqual([[], again.heard.at(-1)?.[0]])
  await engine.stop()
})

test('A8 a room that was taken over tells what it told before, and gives no number twice', async () => {
  const first = processOf('a')
  await first.engine.open({ roomId: '2', game: 'crier', seats: [person('10'), person('11')], options: {}, seed: 7 })
  const player = listener()
  await first.engine.attach({ roomId: '2', playerId: '10', sink: player.sink })
  first.loop.tick()
  const heardSeq = player.heard.at(-1)?.[0]
  first.loop.tick()
  await first.engine.drain(0)
  const second = processOf('b')
  expect(await second.engine.restore('2')).toBe(true)
  const moved = listener()
  await second.engine.attach({ roomId: '2', playerId: '10', sink: moved.sink, after: heardSeq })
  second.loop.tick()
  expect(moved.names()).toEqual(['CRY 2', 'CRY 3'])
  const numbers = [...player.heard.slice(0, 1), ...moved.heard].map(([seq]) => seq)
  expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
  await second.engine.stop()
})

test('A8 what a killed process told after its last snapshot is numbered below all that its successor tells', async () => {
  const [first, second] = [processOf('a'), processOf('b')]
  await first.engine.open({ roomId: '3', game: 'crier', seats: [person('10'), person('11')], options: {}, seed: 7 })
  const [before, after] = [listener(), listener()]
  await first.engine.attach({ roomId: '3', playerId: '10', sink: before.sink })
  for (let tick = 0; tick < 5; tick++) first.loop.tick()
  await second.engine.restore('3')
  await second.engine.attach({ roomId: '3', playerId: '10', sink: after.sink })
  second.loop.tick()
  expect(after.heard[0]?.[0]).toBeGreaterThan(before.heard.at(-1)?.[0] ?? Number.POSITIVE_INFINITY)
})

test('B1 of a room that tells much the last events are kept', () => {
  const told = new ToldEvents()
  for (let n = 0; n < 3 * KEPT_EVENTS_MAX; n++) told.add(1, null, { type: 'CRY', n })
  expect(told.after(-1, 0).map(({ event }) => event.n)).toEqual(
    Array.from({ length: KEPT_EVENTS_MAX }, (_, n) => 2 * KEPT_EVENTS_MAX + n),
  )
})
