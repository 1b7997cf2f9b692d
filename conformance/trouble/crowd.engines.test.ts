import { setTimeout as pause } from 'node:timers/promises'
import { Fault } from '@meydan/contracts/core'
import type { Status } from '@meydan/contracts/matchmaking'
import type { Client } from '@meydan/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type RunningPlatform, startPlatform } from '../platform/index.ts'
import { readGauges } from '../soak/gauges.ts'
import { Bare, guestToken } from './bare.ts'
import { guestOf, seated } from './guests.ts'
import { comfortOf } from './steady.ts'

const CROWD = 1_000
/** Too few for everybody: they seat 750. */
const ROOMS_MAX = 150
const SEATS_MAX = 5
const MATCH_MS = 20_000
/** Signing in costs a password hash: a few at a time, as the platform takes them. */
const SIGN_IN_AT_ONCE = 32
const SIGN_IN_MS_MAX = 240_000

let platform: RunningPlatform
const crowd: Client[] = []
beforeAll(async () => {
  platform = await startPlatform({
    MEYDAN_BOT_WAIT_MS: '2000',
    MEYDAN_MATCH_MS: String(MATCH_MS),
    MEYDAN_ROOMS_MAX: String(ROOMS_MAX),
    MEYDAN_LIMIT_SCALE: '1000',
    MEYDAN_ADDRESS_LIMIT: '1000000',
  })
  const names = Array.from({ length: CROWD }, (_, index) => `Person ${index}`).values()
  const signIn = async (): Promise<void> => {
    for (const name of names) crowd.push(await guestOf(platform.url, name))
  }
  await Promise.all(Array.from({ length: SIGN_IN_AT_ONCE }, signIn))
}, SIGN_IN_MS_MAX)
afterAll(async () => {
  for (const client of crowd) client.close()
  await platform?.stop()
})

const everybody = (): Promise<Status[]> => Promise.all(crowd.map((client) => client.call.matchmaking.status({})))

/** How many are where. */
function tally(statuses: readonly Status[]): Record<Status['state'], number> {
  const counts = { idle: 0, queued: 0, playing: 0 }
  for (const { state } of statuses) counts[state]++
  return counts
}

const warnings = (): number => platform.output().split('WARN').length - 1

describe('a thousand players who ask at once', () => {
  const found = new Map<Client, string[]>()

  test('A1 A4 every one of them is answered, and none with a failure', async () => {
    for (const client of crowd) {
      found.set(client, [])
      client.on('MATCH_FOUND', ({ roomId }) => found.get(client)?.push(roomId))
    }
    const fromMs = performance.now()
    const asked = await Promise.allSettled(crowd.map((client) => client.call.matchmaking.ask({ game: 'arena' })))
    console.info(`1,000 asks were answered within ${Math.round(performance.now() - fromMs)} ms`)
    const failures = asked.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
    expect(failures.map((error) => (error instanceof Fault ? error.code : error))).toEqual([])
    expect(tally(asked.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))).idle).toBe(0)
  }, 60_000)

  test('A2 as many as there are rooms for play, 3 to 5 to a room, nobody twice', async () => {
    const playing = (): number => [...found.values()].filter(({ length }) => length > 0).length
    await expect.poll(playing, { timeout: 20_000, interval: 250 }).toBe(ROOMS_MAX * SEATS_MAX)
    expect((await readGauges(platform.url)).seated).toBe(ROOMS_MAX * SEATS_MAX)
    const told = new Map<string, Client[]>()
    for (const [client, rooms] of found) {
      expect(rooms.length).toBeLessThanOrEqual(1)
      for (const roomId of rooms) told.set(roomId, [...(told.get(roomId) ?? []), client])
    }
    expect(told.size).toBe(ROOMS_MAX)
    // What the rooms say of their seats is what the players were told, each once.
    for (const [roomId, players] of told) {
      const { seats } = (await players[0]?.call.rooms.find({ roomId })) ?? { seats: [] }
      const people = seats.filter(({ bot }) => !bot).map(({ playerId }) => playerId)
      expect(people.toSorted()).toEqual(players.map(({ player }) => player?.playerId ?? '').toSorted())
      expect(people.length).toBeGreaterThanOrEqual(3)
      expect(people.length).toBeLessThanOrEqual(SEATS_MAX)
    }
  }, 60_000)

  test('A3 who waits is told the truth and keeps the place, and the full platform is not hammered at', async () => {
    const before = { statuses: await everybody(), warnings: warnings() }
    await pause(2_000)
    const after = await everybody()
    const waiting = after.flatMap((status, index) => (status.state === 'queued' ? [{ status, index }] : []))
    expect(waiting).toHaveLength(CROWD - ROOMS_MAX * SEATS_MAX)
    for (const { status, index } of waiting) {
      expect(before.statuses[index]).toMatchObject({ state: 'queued', since: status.since, ticketId: status.ticketId })
    }
    // They stand in groups that lack nothing but a room, and each is told how many the own group has.
    const sizes = waiting.map(({ status }) => status.seated)
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(3)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(SEATS_MAX)
    for (const size of new Set(sizes)) expect(sizes.filter((each) => each === size).length % size).toBe(0)
    expect(warnings() - before.warnings).toBeLessThan(5)
    expect(platform.output()).not.toContain('ERROR')
  }, 60_000)

  test('A5 as matches end, all who waited play', async () => {
    const queued = async (): Promise<number> => (await readGauges(platform.url)).queued
    await expect.poll(queued, { timeout: 2 * MATCH_MS, interval: 500 }).toBe(0)
    const matches = (): number[] => [...found.values()].map(({ length }) => length)
    await expect.poll(() => Math.min(...matches())).toBe(1)
    expect(Math.max(...matches())).toBe(1)
  }, 60_000)
})

describe('a reader of one byte a second', () => {
  test('S20 is let go of, costs the server little, and nobody else notices', async () => {
    // A full page of the board is some 10 kB: what it asks for in a few seconds is more than the kernel buffers for it.
    const lines = async (): Promise<number> =>
      (await crowd[0]?.call.leaderboards.top({ game: 'arena', limit: 100 }))?.lines.length ?? 0
    await expect.poll(lines, { timeout: 2 * MATCH_MS, interval: 500 }).toBe(100)
    for (const client of crowd) client.close()
    const honest = await seated(platform.url, 'Honest')
    const before = await comfortOf(honest, 3_000)
    const { rssMb } = await readGauges(platform.url)
    const bare = await Bare.open(platform.url, await guestToken(platform.url, 'Slow'))
    const reading = bare.readSlowly()
    const gone = new Promise((resolve) => bare.socket.once('close', resolve))
    let id = 10
    const asking = setInterval(() => {
      // As much as a socket may say in a second, and no more.
      for (let call = 0; call < 14; call++)
        bare.say({ id: id++, call: 'leaderboards.top', in: { game: 'arena', limit: 100 } })
    }, 100)
    const during = await comfortOf(honest, 8_000)
    const after = await readGauges(platform.url)
    await gone
    clearInterval(asking)
    clearInterval(reading)
    // What waits for one reader is at most a mebibyte; the rest is what the process itself goes up and down by.
    expect(after.rssMb - rssMb).toBeLessThan(64)
    expect(during.snapshotsPerS).toBeGreaterThan(before.snapshotsPerS * 0.85)
    expect(during.answerMs.median).toBeLessThan(before.answerMs.median * 3 + 10)
    honest.client.close()
  }, 90_000)
})
