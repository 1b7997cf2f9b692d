import { once } from 'node:events'
import { freePort, type RunningPlatform } from '@meydan/conformance/platform'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ground, openGround } from './ground.ts'
import { type Answered, startLoad } from './load.ts'
import { seriesOf, sumOf } from './series.ts'

/** 500 calls a second through one gateway to two processes with services, of which one goes. */

const WAIT = { timeout: 30_000, interval: 100 }
const SERVICES = 'services:identity,players'
/** What one process has to have answered before and after the other goes. */
const ANSWERED_MIN = 500
/** A socket of a process that is dead is found out at the gateway's next turn; on a busy machine that takes its time. */
const FOUND_OUT_MS = 250
/** The registry believes in a process that is silent for three seconds; a breaker is open for one. */
const BELIEVED_MS = 4_000
/** Of the calls, after a process has come back: half, less what a young process is slower. */
const SHARE_MIN = 0.2
const SHARE_OF = 400

let ground: Ground
let gateway: RunningPlatform
let stays: RunningPlatform
let goes: RunningPlatform
let startGoing: () => Promise<RunningPlatform>

beforeAll(async () => {
  ground = await openGround('calls')
  // The same port at every start: whoever comes back is known to have been in trouble.
  const port = String(await freePort())
  startGoing = () => ground.start(SERVICES, { MEYDAN_NODE: '2', MEYDAN_MESH_PORT: port, MEYDAN_DRAIN_MS: '15000' })
  stays = await ground.start(SERVICES, { MEYDAN_NODE: '1' })
  goes = await startGoing()
  gateway = await ground.start('gateway', { MEYDAN_NODE: '3' })
}, 240_000)
afterAll(() => ground?.close(), 60_000)

const answeredBy = (platform: RunningPlatform): Promise<number> => sumOf(platform, 'meydan_calls_total')

interface Ended {
  readonly answered: readonly Answered[]
  readonly signalledMs: number
  readonly exitedMs: number
}

/** The load before, while and after the process goes; it goes on until the one that is left has answered some of it. */
async function whileGoing(signal: NodeJS.Signals, name: string): Promise<Ended> {
  const load = await startLoad(gateway.url, name)
  await expect.poll(() => load.answered.length, WAIT).toBeGreaterThan(ANSWERED_MIN)
  const exited = once(goes.process, 'exit')
  const signalledMs = performance.now()
  goes.process.kill(signal)
  await exited
  const exitedMs = performance.now()
  const sinceThen = (): number => load.answered.filter(({ startedMs }) => startedMs > exitedMs + BELIEVED_MS).length
  await expect.poll(sinceThen, WAIT).toBeGreaterThan(ANSWERED_MIN)
  await load.stop()
  const { answered } = load
  const lastedS = ((answered.at(-1)?.endedMs ?? 0) - (answered[0]?.startedMs ?? 0)) / 1_000
  console.info(
    `${signal}: ${answered.length} calls, ${Math.round(answered.length / lastedS)} a second; ${failed(answered).length} failed`,
  )
  return { answered, signalledMs, exitedMs }
}

const failed = (answered: readonly Answered[]) => answered.filter(({ code }) => code !== 'OK')

/** How often each fault, for a message that can be read. */
function faults(answered: readonly Answered[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { error } of failed(answered)) {
    const fault = JSON.stringify(error).replace(/"traceId":"\w+"/, '')
    counts[fault] = (counts[fault] ?? 0) + 1
  }
  return counts
}

/** How many accounts have this name, once all events have been heard. */
async function accountsOf(): Promise<ReadonlyMap<string, number>> {
  const { pool } = ground.database.postgres
  const waiting = async (): Promise<number> => {
    const { rows } = await pool.query(
      'select (select count(*) from identity.accounts) - (select count(*) from players.profiles) as missing',
    )
    return Number(rows[0]?.missing)
  }
  await expect.poll(waiting, WAIT).toBe(0)
  const { rows } = await pool.query('select display_name as name, count(*)::int from players.profiles group by 1')
  return new Map(rows.map(({ name, count }) => [name, count]))
}

/** What succeeded was done once; what failed was done once or not at all. */
async function expectNothingTwice(answered: readonly Answered[]): Promise<void> {
  const accounts = await accountsOf()
  const commands = answered.flatMap(({ name, code }) => (name === undefined ? [] : [{ name, code }]))
  expect(commands.filter(({ name, code }) => code === 'OK' && accounts.get(name) !== 1)).toEqual([])
  expect(commands.filter(({ name }) => (accounts.get(name) ?? 0) > 1)).toEqual([])
}

async function takesItsShare(): Promise<void> {
  goes = await startGoing()
  const load = await startLoad(gateway.url, 'share')
  const share = async (): Promise<number> => {
    const before = [await answeredBy(goes), await answeredBy(stays)] as const
    const sent = load.answered.length
    await expect.poll(() => load.answered.length, WAIT).toBeGreaterThan(sent + SHARE_OF)
    const [there, here] = [(await answeredBy(goes)) - before[0], (await answeredBy(stays)) - before[1]]
    return there / (there + here)
  }
  await expect.poll(share, WAIT).toBeGreaterThan(SHARE_MIN)
  const breakers = await seriesOf(gateway, 'meydan_mesh_breaker_state')
  await load.stop()
  expect([...breakers.values()]).toEqual([0, 0, 0, 0])
}

test('K7 kill -9 of one of two: looking loses nothing, making at most what was in flight, and nothing is done twice', async () => {
  const { answered, signalledMs, exitedMs } = await whileGoing('SIGKILL', 'killed')
  const lost = failed(answered)
  expect(faults(lost.filter(({ idempotent }) => idempotent))).toEqual({})
  expect(lost.filter((call) => call.endedMs < signalledMs || call.startedMs > exitedMs + FOUND_OUT_MS)).toEqual([])
  for (const { error } of lost) {
    expect(error).toMatchObject({
      error: { code: 'UNAVAILABLE', details: { inDoubt: true }, traceId: expect.any(String) },
    })
  }
  await expectNothingTwice(answered)
}, 120_000)

test('K7 who was killed and is back has its share of the calls, and no breaker stays open', takesItsShare, 60_000)

test('K7 SIGTERM of one of two: nothing fails', async () => {
  const { answered } = await whileGoing('SIGTERM', 'terminated')
  expect(faults(answered)).toEqual({})
  await expectNothingTwice(answered)
}, 120_000)

test('K7 who was stopped and is back has its share too', takesItsShare, 60_000)
