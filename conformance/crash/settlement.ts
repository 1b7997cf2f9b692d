import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'
import { seededRandom } from '@meydan/contracts/core'
import { connectPostgres } from '@meydan/drivers/postgres'
import { startPostgres } from '../engines/postgres-server.ts'
import { startRedis } from '../engines/redis-server.ts'
import { quietLog } from '../harness/quiet.ts'
import { findings, underWay } from './audit.ts'
import { type Acknowledged, guestsAt, lobbyAt, playUntilGone } from './people.ts'

const PEOPLE = 30
/** Long enough for several rounds, and for a moment within any of their stages. */
const KILL_MS_MIN = 2_500
const KILL_MS_MAX = 9_000
const SETTLED_MS_MAX = 20_000

export interface Verdict {
  readonly seed: number
  /** Whether another process went on, or the same one once it was started anew. */
  readonly by: 'takeover' | 'restart'
  readonly bets: number
  readonly cashedOut: number
  /** From the kill (or the new start) until everything was settled. */
  readonly settledMs: number
  readonly findings: readonly string[]
}

/** Plays rounds with many bets, kills the lobby's owner with SIGKILL at a moment that the seed decides, and looks what became of every bet. */
export async function settlement(seed: number): Promise<Verdict> {
  const random = seededRandom(seed)
  const by = seed % 2 === 0 ? 'restart' : 'takeover'
  const folder = await mkdtemp(join(tmpdir(), 'meydan-settlement-'))
  const [postgres, redis] = [await startPostgres(), await startRedis()]
  const url = `postgres://meydan@127.0.0.1:${postgres.port}/postgres`
  const database = await connectPostgres({ url, poolMax: 2, log: quietLog })
  const started: RunningPlatform[] = []
  try {
    const secrets = await writeSecrets(folder)
    const start = async (node: string): Promise<RunningPlatform> => {
      const platform = await startPlatform({
        ...SETTINGS,
        MEYDAN_NODE: node,
        MEYDAN_SECRETS: secrets,
        MEYDAN_POSTGRES_URL: url,
        MEYDAN_REDIS_URL: redis.url,
      })
      started.push(platform)
      return platform
    }
    const owner = await start('1')
    if (by === 'takeover') await start('2')
    const guests = await guestsAt(owner.url, PEOPLE)
    const [first] = guests
    // Whoever is asked first owns the lobby.
    if (first) await lobbyAt(owner.url, first)
    const told: Acknowledged = { bets: new Map(), cashedOut: new Map() }
    const over = new AbortController()
    const playing = guests.map((guest, index) =>
      playUntilGone(owner.url, guest, seededRandom(seed * PEOPLE + index), told, over.signal),
    )
    await new Promise((resolve) => setTimeout(resolve, random.int(KILL_MS_MIN, KILL_MS_MAX)))
    owner.process.kill('SIGKILL')
    over.abort()
    await Promise.all(playing)
    const fromMs = performance.now()
    if (by === 'restart') await start('1')
    while ((await underWay(database.pool)) > 0 && performance.now() - fromMs < SETTLED_MS_MAX) {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    const settledMs = performance.now() - fromMs
    const found = await findings(database.pool, told)
    return { seed, by, bets: told.bets.size, cashedOut: told.cashedOut.size, settledMs, findings: found }
  } finally {
    await Promise.all(started.map((platform) => platform.stop()))
    // While the connection is open: nothing waits for the end of a Redis alone.
    await redis.close()
    await database.close()
    postgres.close()
    await rm(folder, { recursive: true })
  }
}

const SETTINGS = {
  MEYDAN_ROLES: 'gateway services:identity,players,wallet,crash',
  MEYDAN_POSTGRES_POOL: '8',
  MEYDAN_CRASH_BETTING_MS: '700',
  MEYDAN_CRASH_PAUSE_MS: '150',
  MEYDAN_LIMIT_SCALE: '1000',
  MEYDAN_ADDRESS_LIMIT: '1000000',
}
