import type { Kept, Results } from './results.ts'
import { type Section, sectionsOf } from './sections.ts'
import { svg } from './svg.ts'
import { percent, table, thousands, times, verdict } from './words.ts'

/** The page of what was measured, and its charts: nothing but the results, said in words and bars. */
export interface Drawn {
  /** `docs/performance.md` */
  readonly page: string
  /** By the name of the file in `docs/images`. */
  readonly images: ReadonlyMap<string, string>
}

export function draw(results: Results): Drawn {
  const sections = sectionsOf(results)
  const images = new Map(
    sections.flatMap(({ name, charts }) => charts.map((chart, index) => [imageName(name, index), svg(chart)] as const)),
  )
  const page = [
    '<!-- Made by `npm run bench -- --charts` from bench/results. Change those, or bench/charts. -->',
    '# What it can do',
    '',
    'Measured by [`npm run bench`](../bench/README.md), each beside what one could use instead, in one run on one machine. The server has a core of its',
    'own and the load another. Figures of other machines differ; how they stand to each other differs less. What many players need is in',
    '[capacity.md](capacity.md).',
    '',
    '## Budgets',
    '',
    budgets(results),
    '',
    ...sections.flatMap(sectionLines),
  ]
  return { page: page.join('\n'), images }
}

const imageName = (name: string, index: number): string => `bench-${name}${index === 0 ? '' : `-${index + 1}`}.svg`

function sectionLines({ name, title, text, charts, figures, kept }: Section): string[] {
  return [
    `## ${title}`,
    '',
    text,
    '',
    ...charts.flatMap((chart, index) => [`![${chart.title}; ${chart.unit}](images/${imageName(name, index)})`, '']),
    figures,
    '',
    `<sub>\`npm run bench -- ${name}\`, ${madeOn(kept)}</sub>`,
    '',
  ]
}

function madeOn({ date, machine, versions }: Kept): string {
  const { cpu, cores, memoryGib, platform, pinning } = machine
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `${date}, ${cpu}, ${cores} cores, ${memoryGib} GiB, ${platform}; ${pinning}; ${named.join(', ')}`
}

/** Every budget of the design, whether it has been measured or not. */
function budgets(results: Results): string {
  const { arena, fanout, rest, idle, ledger, crash, start } = results
  const single = fanout?.results.filter(({ burst }) => burst === 1) ?? []
  const least = (of: readonly number[]): string => times(Math.min(...of))
  const cold = start?.results.map(({ what, medianMs }) => `${thousands(medianMs)} ms ${what}`)
  const rows: readonly (readonly [
    what: string,
    budget: string,
    found: string | undefined,
    met: boolean | null | undefined,
  ])[] = [
    [
      'arena rooms a core, 15 ms tick, 5 players',
      '≥ 2.5 × Colyseus',
      arena?.ratio ? `${times(arena.ratio)} ×` : undefined,
      arena?.withinBudget.rooms,
    ],
    [
      'bytes a client and snapshot',
      '≤ ⅓ of Colyseus',
      arena?.bytesRatio ? times(arena.bytesRatio) : undefined,
      arena?.withinBudget.bytes,
    ],
    [
      'fan-out, deliveries per second and core',
      '≥ 0.9 of bare ws, ≥ 1.2 × Socket.IO',
      fanout && `${least(single.map(({ ofWs }) => ofWs))}, ${least(single.map(({ ofSocketio }) => ofSocketio))} ×`,
      fanout?.budget.met,
    ],
    [
      'a REST call, one process',
      '≥ 0.7 of bare Fastify + Zod',
      rest && least(rest.routes.map(({ ratio }) => ratio)),
      rest && worst(rest.routes.map(({ withinBudget }) => withinBudget)),
    ],
    [
      'idle sockets a core',
      '≥ 20,000 in ≤ 1,024 MiB',
      idle && `${thousands(idle.mibAtBudget)} MiB (${percent((idle.mibAtBudget * 2 ** 20) / idle.budget.bytesMax)})`,
      idle?.withinBudget,
    ],
    ['`npm start` to ready, installed', '≤ 3,000 ms', cold?.join(', '), start?.withinBudget],
    ['ledger transfers a second', '≥ 0.8 of pgbench', ledger && `${times(ledger.ratio)} ×`, ledger?.withinBudget],
    ['crash game, 5,000 players in a round', 'p99 ≤ 50 ms', crash && largest(crash), crash?.withinBudget],
    ['a room taken over after kill -9', '≤ 3 s', '2 s, a lease (`conformance/chaos`)', true],
    ['acknowledged writes lost over 100 kill -9', '0', 'there is no such run yet', undefined],
  ]
  return table([
    ['', 'budget', 'measured', ''],
    ...rows.map(([what, budget, found, met]) => [what, budget, found ?? '', verdict(met)]),
  ])
}

/** Of the largest crowd that the budget is about. */
function largest({ results, budget }: NonNullable<Results['crash']>): string | undefined {
  const row = results.find(({ players, ticks }) => players === budget.players && !ticks)
  return row && `${thousands(row.cashOuts.p99Ms)} ms for a cash-out, ${thousands(row.bets.p99Ms)} ms for a bet`
}

/** Missed when one is; no verdict when one has none. */
function worst(verdicts: readonly (boolean | null)[]): boolean | null {
  if (verdicts.includes(false)) return false
  return verdicts.includes(null) ? null : true
}
