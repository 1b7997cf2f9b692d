import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { roomsErrors } from '@meydan/contracts/rooms'
import { InputCodec, SnapshotDecoder } from '@meydan/contracts/wire'
import { memoryCache, memoryLeases } from '@meydan/drivers/memory'
import { arena } from '@meydan/games/arena'
import { newServiceKeys, type ServiceTokens, serviceTokens } from '@meydan/kernel/rpc'
import { systemClock } from '@meydan/kernel/time'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { createRoomEngine, type LocalRoomEngine, leaseName, type RoomSink } from '../rooms/index.ts'
import { type ClusterRooms, clusterRooms, roomHost } from './index.ts'

const WAIT = { timeout: 10_000, interval: 15 }
const PLAYERS = ['1', '2'] as const
const ROOM = {
  roomId: '100',
  game: 'arena',
  seats: PLAYERS.map((playerId) => ({ playerId, name: `P${playerId}`, bot: false })),
  options: { warmupMs: 0 },
  seed: 7,
}

let tokens: ServiceTokens
const stops: (() => Promise<void> | void)[] = []
beforeAll(async () => {
  tokens = serviceTokens(await newServiceKeys(), systemClock)
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

interface Process {
  readonly address: string
  readonly engine: LocalRoomEngine
  readonly server: Server
}

/** Rooms processes on one cache, and a gateway that has no rooms of its own. `mute` are addresses of processes that answer nobody. */
async function cluster(
  names: readonly string[],
  mute: readonly string[] = [],
): Promise<{ processes: Process[]; rooms: ClusterRooms }> {
  const cache = memoryCache(systemClock)
  const leases = memoryLeases(systemClock)
  const processes = await Promise.all(
    names.map(async (processId) => {
      const engine = createRoomEngine({
        games: [arena],
        clock: systemClock,
        cache,
        leases,
        log: quietLog,
        metrics: quietMetrics,
        processId,
        roomsMax: 10,
        handsOver: true,
      })
      engine.start()
      const host = roomHost({ rooms: engine, tokens, log: quietLog, metrics: quietMetrics })
      const server = createServer()
      server.on('upgrade', (...request) => void host.upgrade(...request))
      await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
      stops.push(async () => {
        await engine.stop()
        host.close()
        server.close()
      })
      return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, engine, server }
    }),
  )
  const addresses = new Map(processes.map(({ address }, index) => [names[index], address]))
  const rooms = clusterRooms({
    local: undefined,
    ownerOf: async (roomId) => addresses.get((await leases.holder(leaseName(roomId)))?.owner) ?? null,
    takeOver: async (roomId) => {
      for (const { engine } of processes.toReversed()) if (await engine.restore(roomId)) return
      throw roomsErrors.ROOM_GONE()
    },
    others: () => [...mute, ...addresses.values()],
    tokens,
    clock: systemClock,
    log: quietLog,
  })
  stops.push(() => rooms.close())
  return { processes, rooms }
}

/** Takes a seat, runs to and fro in it, and acknowledges what comes. */
async function seated(rooms: ClusterRooms, playerId: string) {
  const decoder = new SnapshotDecoder(arena.viewLayout)
  const codec = new InputCodec(arena.inputLayout)
  const seen: { tick: number; xs: (number | undefined)[]; inputSeq: number }[] = []
  const closed = vi.fn<RoomSink['closed']>()
  const refused = vi.fn<NonNullable<RoomSink['refused']>>()
  const sent = { seq: 0 }
  const sink: RoomSink = {
    frame(bytes) {
      const snapshot = decoder.decode(bytes, sent.seq)
      if (!snapshot) return
      const { tick, inputSeq, view } = snapshot
      const { avatars } = decoder.plan.tablesOf(view)
      seen.push({ tick, inputSeq, xs: [avatars.get(0)?.x, avatars.get(1)?.x] })
    },
    event: () => undefined,
    closed,
    refused,
  }
  const { joined, input, detach } = await rooms.attach({ roomId: ROOM.roomId, playerId, sink })
  const run = (): void => {
    const inputs = [{ moveX: ++sent.seq % 100 < 50 ? 1 : -1, moveY: 0, aim: 0, fire: 1 }]
    input(codec.encode(joined.handle, { ackTick: decoder.ackTick, seq: sent.seq, inputs, behindTicks: 6 }))
  }
  const running = setInterval(run, arena.tickMs)
  stops.push(() => clearInterval(running))
  return { joined, input, detach, sink, seen, closed, refused, sent }
}

test('A8 a room of another process is played in over a line: snapshots, inputs, events, refusals, and the end', async () => {
  const { processes, rooms } = await cluster(['a'])
  await processes[0]?.engine.open(ROOM)
  const [one, two] = [await seated(rooms, '1'), await seated(rooms, '2')]
  expect([one.joined.seat, two.joined.seat]).toEqual([0, 1])
  const places = ({ seen }: typeof one): number[] => [0, 1].map((seat) => new Set(seen.map(({ xs }) => xs[seat])).size)
  await expect.poll(() => [one, two].flatMap(places).every((count) => count > 20), WAIT).toBe(true)
  // Each is told how many of their own inputs are in it, though both are sent the same bytes.
  await expect
    .poll(() => [one, two].map(({ seen, sent }) => sent.seq - (seen.at(-1)?.inputSeq ?? 0) < 20), WAIT)
    .toEqual([true, true])
  one.input(Uint8Array.of(1, 0, 0, 9))
  await expect.poll(() => one.refused.mock.calls[0]?.[0].code, WAIT).toBe('INVALID_INPUT')
  expect(await rooms.describe('100')).toMatchObject({ roomId: '100', game: 'arena', watching: 0 })
  await rooms.leave('100', '2')
  await expect.poll(() => two.closed.mock.calls, WAIT).toEqual([['left']])
  await expect(rooms.leave('100', '9')).rejects.toMatchObject({ code: 'NOT_SEATED' })
  await expect(rooms.attach({ roomId: '100', playerId: '9', sink: one.sink })).rejects.toMatchObject({
    code: 'NOT_SEATED',
  })
  expect(await rooms.describe('999')).toBeNull()
  await rooms.leave('100', '1')
  await expect.poll(() => one.closed.mock.calls, WAIT).toEqual([['left']])
})

test('M7 the rooms of all processes are listed, without those of one that answers nobody', async () => {
  const mute = createTcpServer().listen(0, '127.0.0.1')
  stops.push(() => void mute.close())
  await once(mute, 'listening')
  const { processes, rooms } = await cluster(['a', 'b'], [`http://127.0.0.1:${(mute.address() as AddressInfo).port}`])
  const [first, second] = processes
  await first?.engine.open(ROOM)
  await second?.engine.open({ ...ROOM, roomId: '101', seats: [{ playerId: '3', name: 'Bora', bot: false }] })
  const listed = await rooms.watchable(undefined)
  expect(listed.map(({ roomId, seats }) => [roomId, seats.length])).toEqual([
    ['100', 2],
    ['101', 1],
  ])
  expect(await rooms.watchable('another')).toEqual([])
})

test('A8 who detaches is sent nothing more, and the seat stays', async () => {
  const { processes, rooms } = await cluster(['a'])
  await processes[0]?.engine.open(ROOM)
  const one = await seated(rooms, '1')
  await expect.poll(() => one.seen.length, WAIT).toBeGreaterThan(5)
  one.detach()
  await seated(rooms, '2')
  const count = one.seen.length
  expect((await seated(rooms, '1')).joined.seat).toBe(0)
  expect([one.seen.length, one.closed.mock.calls]).toEqual([count, []])
})

test('A8 when a process stops, its rooms go on in another, and places in them move without a word', async () => {
  const { processes, rooms } = await cluster(['a', 'b'])
  const [first, second] = processes
  await first?.engine.open(ROOM)
  const [one, two] = [await seated(rooms, '1'), await seated(rooms, '2')]
  await expect.poll(() => one.seen.length, WAIT).toBeGreaterThan(100)
  const before = one.seen.at(-1)
  await first?.engine.drain(0)
  const moved = [one, two].map(({ seen }) => seen.length)
  await expect
    .poll(() => [one, two].map(({ seen }, index) => seen.length > (moved[index] ?? 0) + 50), WAIT)
    .toEqual([true, true])
  expect([second?.engine.describe('100')?.roomId, first?.engine.describe('100')]).toEqual(['100', null])
  expect(one.seen.at(-1)?.tick).toBeGreaterThan(before?.tick ?? 0)
  expect([one.closed.mock.calls, two.closed.mock.calls]).toEqual([[], []])
})

test('B1 only a gateway with a valid service token gets a line, and only of this version', async () => {
  const { processes } = await cluster(['a'])
  const url = `${processes[0]?.address.replace('http', 'ws')}/rooms`
  const statusOf = async (headers: Record<string, string>): Promise<number | undefined> => {
    const socket = new WebSocket(url, { headers })
    const { promise, resolve } = Promise.withResolvers<number | undefined>()
    socket.on('unexpected-response', (_, response) => resolve(response.statusCode))
    socket.on('error', () => undefined)
    return promise
  }
  const token = `Bearer ${await tokens.issue('gateway', 'rooms')}`
  const forged = serviceTokens(await newServiceKeys(), systemClock)
  expect(await statusOf({ 'meydan-line-version': '2' })).toBe(401)
  expect(
    await statusOf({ 'meydan-line-version': '2', authorization: `Bearer ${await forged.issue('gateway', 'rooms')}` }),
  ).toBe(401)
  expect(await statusOf({ 'meydan-line-version': '0', authorization: token })).toBe(503)
})
