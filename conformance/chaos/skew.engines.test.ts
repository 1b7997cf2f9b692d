import { existsSync } from 'node:fs'
import type { RunningPlatform } from '@meydan/conformance/platform'
import { arena } from '@meydan/games/arena'
import { type Client, createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ALL_SERVICES, type Ground, openGround } from './ground.ts'
import { sumOf } from './series.ts'

/** Machines whose clocks differ by five seconds, in both directions; what measures durations runs alike on all of them. */

const WAIT = { timeout: 30_000, interval: 100 }
const SKEW_S = 5
const MATCH_MS = 6_000
const LIBRARY = '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1'

let ground: Ground
let gateway: RunningPlatform
let services: RunningPlatform
let ada: Client

/** As a machine is whose clock is so many seconds ahead. */
const ahead = (seconds: number): Readonly<Record<string, string>> => ({
  LD_PRELOAD: LIBRARY,
  FAKETIME: `${seconds < 0 ? '' : '+'}${seconds}s`,
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
})

beforeAll(async () => {
  if (!existsSync(LIBRARY)) throw new Error('libfaketime is not installed: run .ci/engines/install')
  ground = await openGround('skew', { MEYDAN_BOT_WAIT_MS: '200', MEYDAN_MATCH_MS: String(MATCH_MS) })
  services = await ground.start(ALL_SERVICES, { MEYDAN_NODE: '1' })
  ;[gateway] = await Promise.all([
    ground.start('gateway', { ...ahead(SKEW_S), MEYDAN_NODE: '2' }),
    ground.start('rooms', { ...ahead(-SKEW_S), MEYDAN_NODE: '3' }),
    ground.start('rooms', { ...ahead(SKEW_S), MEYDAN_NODE: '4' }),
  ])
  ada = createClient({ url: gateway.url })
  await ada.guest({ displayName: 'Ada' })
  await ada.connect()
}, 240_000)
afterAll(async () => {
  ada?.close()
  await ground?.close()
}, 60_000)

test('C11 the clocks do differ', async () => {
  const { headers } = await fetch(`${gateway.url}/livez`)
  expect(Date.parse(headers.get('date') ?? '') - Date.now()).toBeGreaterThan((SKEW_S - 2) * 1_000)
})

test('B1 K2 tokens of services and players are good, and no deadline passes early', async () => {
  const others = await Promise.all(Array.from({ length: 20 }, () => ada.call.players.me({})))
  expect(new Set(others.map(({ displayName }) => displayName))).toEqual(new Set(['Ada']))
  expect(await sumOf(services, 'meydan_calls_total{call="players.me",code="DEADLINE_EXCEEDED"}')).toBe(0)
})

test('A9 who is connected is online, for a process of another time too', async () => {
  const { playerId } = await ada.call.players.me({})
  await expect.poll(async () => (await ada.call.players.get({ playerId })).online, WAIT).toBe(true)
})

test('A6 A7 A8 a match is played, by the clocks of two rooms processes, and has one result with everybody in it', async () => {
  const played = async (): Promise<string> => {
    const found = new Promise<string>((resolve) => ada.on('MATCH_FOUND', ({ roomId }) => resolve(roomId)))
    const told = new Promise<string>((resolve) => ada.on('MATCH_RESULT', ({ match }) => resolve(match.matchId)))
    await ada.call.matchmaking.ask({ game: arena.name })
    const room = await ada.joinRoom(await found, arena)
    const ticks: number[] = []
    room.onSnapshot(({ tick }) => ticks.push(tick))
    const matchId = await told
    expect(ticks.every((tick, index) => tick > (ticks[index - 1] ?? -1))).toBe(true)
    expect(ticks.length).toBeGreaterThan(MATCH_MS / arena.tickMs / 4)
    return matchId
  }
  const matches = [await played(), await played()]
  const stored = async () => (await ada.call.matches.mine({})).matches.map(({ matchId }) => matchId).toSorted()
  await expect.poll(stored, WAIT).toEqual(matches.toSorted())
}, 90_000)

test('D3 ids of one process rise, those of several are unlike', async () => {
  const names = Array.from({ length: 30 }, (_, n) => `Guest ${n}`)
  const ids: bigint[] = []
  for (const displayName of names) ids.push(BigInt((await ada.call.identity.guest({ displayName })).playerId))
  expect(ids.every((id, index) => id > (ids[index - 1] ?? 0n))).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
})
