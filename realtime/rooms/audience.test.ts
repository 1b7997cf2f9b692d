import { handLoop, quietLog, quietMetrics } from '@meydan/conformance/harness'
import type { Game, GameEvent } from '@meydan/contracts/core'
import { InputCodec, NO_TICK, SnapshotDecoder } from '@meydan/contracts/wire'
import { memoryCache, memoryLeases } from '@meydan/drivers/memory'
import { systemClock } from '@meydan/kernel/time'
import { expect, test, vi } from 'vitest'
import { AUDIENCE_MAX } from './audience.ts'
import { createRoomEngine, type RoomEnd, type RoomSink } from './index.ts'

/** Each seat has a card that only it may see; `play` lays it open, `whisper` tells the next seat alone. Over after `over` was played. */
const cards: Game<{ laid: boolean; over: boolean }> = {
  name: 'cards',
  version: 1,
  title: 'Cards',
  seats: { min: 2, max: 3 },
  tickMs: 20,
  sendEveryTicks: 1,
  lastsMsMax: 600_000,
  joinInProgress: true,
  spectators: true,
  inputLayout: { play: { min: 0, max: 3, step: 1 } },
  viewLayout: { cards: { value: { min: 0, max: 100, step: 1 } }, clock: { tick: { min: 0, max: 60_000, step: 1 } } },
  sharedView: false,
  create: () => ({ laid: false, over: false }),
  join: () => undefined,
  leave: () => undefined,
  input(state, seat, { play = 0 }, turn) {
    if (play === 1) {
      state.laid = true
      turn.emit({ type: 'LAID', seat })
    }
    if (play === 2) turn.emit({ type: 'WHISPER', seat }, 1 - seat)
    if (play === 3) state.over = true
  },
  tick: () => undefined,
  view(state, seat, out) {
    for (const owner of [0, 1]) if (state.laid || owner === seat) out.row('cards', owner, { value: 40 + owner })
    out.row('clock', 0, { tick: clockTick })
  },
  snapshot: () => null,
  restore: () => ({ laid: false, over: false }),
  outcome: ({ over }) => (over ? { reason: 'over', standings: [] } : null),
  bot: () => null,
}
/** Changes each tick, so that each tick has a snapshot. */
let clockTick = 0

const open: Game<{ laid: boolean; over: boolean }> = { ...cards, name: 'open', sharedView: true }
const closedGame: Game<{ laid: boolean; over: boolean }> = { ...cards, name: 'closed', spectators: false }

const person = (playerId: string) => ({ playerId, name: `P${playerId}`, bot: false })

async function roomOf(game: Game<{ laid: boolean; over: boolean }>) {
  const loop = handLoop()
  const gauges = new Map<string, () => number>()
  const engine = createRoomEngine({
    games: [game],
    clock: systemClock,
    cache: memoryCache(systemClock),
    leases: memoryLeases(systemClock),
    log: quietLog,
    metrics: { ...quietMetrics, observe: (name, _help, read) => void gauges.set(name, () => Number(read())) },
    processId: 'a',
    roomsMax: 10,
    loop,
  })
  const ends: RoomEnd[] = []
  engine.onEnd((end) => ends.push(end))
  await engine.open({ roomId: '1', game: game.name, seats: [person('10'), person('11')], options: {}, seed: 7 })
  const tick = (): void => {
    clockTick++
    loop.tick()
  }
  return { engine, tick, ends, watchers: () => gauges.get('meydan_room_watchers')?.() }
}

function sinkOf() {
  const lent: Uint8Array[] = []
  const frames: Uint8Array[] = []
  const events: GameEvent[] = []
  const closed = vi.fn<RoomSink['closed']>()
  const sink: RoomSink = {
    frame(bytes) {
      lent.push(bytes)
      frames.push(bytes.slice())
    },
    event: (event) => void events.push(event),
    closed,
  }
  return { sink, lent, frames, events, closed }
}

/** The cards that the frames show, whoever got them. */
function cardsIn(frames: readonly Uint8Array[]): number[] {
  const decoder = new SnapshotDecoder(cards.viewLayout)
  for (const frame of frames) decoder.decode(frame)
  const [view] = frames.slice(-1).map((frame) => new SnapshotDecoder(cards.viewLayout).decode(frame))
  return view ? [...(decoder.plan.tablesOf(view.view).cards ?? [])].map(([, { value }]) => value ?? -1) : []
}

const codec = new InputCodec(cards.inputLayout)
const playing = (seq: number, play: number): Uint8Array =>
  codec.encode(0, { ackTick: NO_TICK, seq, inputs: [{ play }] })
const acknowledging = (ackTick: number): Uint8Array => codec.encode(0, { ackTick, seq: 0, inputs: [] })

const watch = async (engine: Awaited<ReturnType<typeof roomOf>>['engine'], playerId: string) => {
  const line = sinkOf()
  return { ...line, ...(await engine.spectate({ roomId: '1', playerId, sink: line.sink })) }
}

test('B18 who watches sees the public view and hears what everybody hears, and nothing that is a seat’s own', async () => {
  const { engine, tick } = await roomOf(cards)
  const player = sinkOf()
  const { input } = await engine.attach({ roomId: '1', playerId: '10', sink: player.sink })
  const { joined, frames, events } = await watch(engine, '90')
  expect(joined).toMatchObject({ seat: null, roomId: '1', seats: [{ playerId: '10' }, { playerId: '11' }] })
  tick()
  expect([cardsIn(player.frames), cardsIn(frames)]).toEqual([[40], []])
  input(playing(1, 2))
  tick()
  input(playing(2, 1))
  tick()
  expect(events).toEqual([{ type: 'LAID', seat: 0 }])
  expect(cardsIn(frames)).toEqual([40, 41])
})

test('T11 who watches with the same baseline shares one frame, also of a view that everybody shares', async () => {
  for (const game of [cards, open]) {
    const { engine, tick } = await roomOf(game)
    const [first, second, late] = [await watch(engine, '90'), await watch(engine, '91'), await watch(engine, '92')]
    tick()
    for (const { input } of [first, second]) input(acknowledging(1))
    tick()
    expect([first, second, late].map(({ frames }) => frames.length)).toEqual([2, 2, 2])
    expect(first.lent[1]).toBe(second.lent[1])
    expect(late.frames[1]).not.toEqual(first.frames[1])
  }
})

test('B19 who watches cannot play: inputs are refused by name, and change nothing', async () => {
  const { engine, tick } = await roomOf(open)
  const { input, frames, events } = await watch(engine, '90')
  expect(() => input(playing(1, 1))).toThrow(expect.objectContaining({ code: 'WATCHING_ONLY' }))
  expect(() => input(Uint8Array.of(1, 0, 0, 255))).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
  tick()
  expect([events, frames.length]).toEqual([[], 1])
})

test('B18 who has a seat cannot watch that room, and who gets one watches no more', async () => {
  const { engine, tick } = await roomOf(cards)
  await expect(watch(engine, '10')).rejects.toMatchObject({ code: 'SEATED', status: 409 })
  const watcher = await watch(engine, '90')
  await engine.seat('1', person('90'))
  expect(watcher.closed).toHaveBeenCalledExactlyOnceWith('replaced')
  tick()
  expect(watcher.frames).toEqual([])
  await engine.leave('1', '90')
  expect((await watch(engine, '90')).joined.seat).toBeNull()
})

test('B18 a room that is over, and a game that does not let itself be watched, cannot be watched', async () => {
  const { engine } = await roomOf(closedGame)
  await expect(watch(engine, '90')).rejects.toMatchObject({ code: 'NOT_WATCHABLE', status: 403 })
  expect(engine.watchable(undefined)).toEqual([])
  const unknown = engine.spectate({ roomId: '2', playerId: '90', sink: sinkOf().sink })
  await expect(unknown).rejects.toMatchObject({ code: 'ROOM_GONE' })
})

test('T11 an audience has a bound, in which a player counts once', async () => {
  const { engine, watchers } = await roomOf(open)
  const first = await watch(engine, '1000')
  const again = await watch(engine, '1000')
  expect(first.closed).toHaveBeenCalledExactlyOnceWith('replaced')
  for (let n = 1; n < AUDIENCE_MAX; n++) await watch(engine, String(1000 + n))
  await expect(watch(engine, '9999')).rejects.toMatchObject({ code: 'AUDIENCE_FULL', status: 409 })
  expect([engine.describe('1')?.watching, watchers()]).toEqual([AUDIENCE_MAX, AUDIENCE_MAX])
  const second = await watch(engine, '1000')
  expect(again.closed).toHaveBeenCalledExactlyOnceWith('replaced')
  // The first line is another one's by now; only the one that watches can let go.
  first.detach()
  expect(engine.describe('1')?.watching).toBe(AUDIENCE_MAX)
  second.detach()
  expect((await watch(engine, '9999')).joined.seat).toBeNull()
})

test('T5 T11 an audience alone does not keep a room open, and is told why it closed', async () => {
  const { engine, ends } = await roomOf(open)
  const { closed } = await watch(engine, '90')
  await engine.leave('1', '10')
  await engine.leave('1', '11')
  expect(ends.map(({ reason }) => reason)).toEqual(['abandoned'])
  expect(closed).toHaveBeenCalledExactlyOnceWith('ended')
})

test('B17 B18 who falls behind gets fewer views, and the last one of a match all the same, before its end is told', async () => {
  const { engine, tick } = await roomOf(open)
  const { input } = await engine.attach({ roomId: '1', playerId: '10', sink: sinkOf().sink })
  const order: string[] = []
  const sink: RoomSink = {
    frame: () => order.push('frame'),
    event: () => undefined,
    closed: (reason) => order.push(reason),
  }
  await engine.spectate({ roomId: '1', playerId: '90', sink })
  for (let n = 0; n < 100; n++) tick()
  expect(order.length).toBeLessThan(60)
  while (order.length > 0) order.pop()
  while (order.length === 0) tick()
  input(playing(1, 3))
  tick()
  expect(order).toEqual(['frame', 'frame', 'ended'])
})

test('B18 a process that stops says so to whoever watches', async () => {
  const { engine } = await roomOf(open)
  const { closed } = await watch(engine, '90')
  await engine.stop()
  expect(closed).toHaveBeenCalledExactlyOnceWith('stopped')
})
