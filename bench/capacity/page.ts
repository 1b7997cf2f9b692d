import type { Kept, Results } from '../charts/results.ts'
import type { Chart, Tone } from '../charts/svg.ts'
import { percent, table, thousands } from '../charts/words.ts'
import { ASSUMPTIONS } from './assumptions.ts'
import { costsOf } from './costs.ts'
import { type Cost, type Costs, type Demand, type Need, needOf, ROLES, type Role } from './model.ts'

/** What the model says, in words and tables: to whoever asks, and as docs/capacity.md. */

/** What the page is about. */
export const DEMAND: Demand = { players: 1_000_000, playing: 0.3, matchS: 120, sessionS: 1_800 }
export const IMAGE = 'capacity-cores.svg'
const SIZES = [10_000, 50_000, 100_000, 250_000, 500_000, 1_000_000] as const
const TONES: { readonly [role in Role]: Tone } = {
  gateway: 'ours',
  rooms: 'also',
  services: 'other',
  jobs: 'floor',
  redis: 'published',
  postgres: 'peer',
}

const PROVISIONAL =
  '**Provisional:** what players cost was last measured briefly (`--brief`), on a machine that did much else besides. The order of magnitude is right, no more.'

const MIB = 2 ** 20
const GIB = 2 ** 30
const BITS = 8

/** Three digits, and no more than that is known. */
const three = (value: number): string =>
  value >= 100 ? thousands(Number(value.toPrecision(3))) : String(Number(value.toPrecision(3)))
const megabytes = (bytes: number): string => `${three(bytes / MIB)} MiB/s`
const gigabits = (bytes: number): string => `${three((bytes * BITS) / 1e9)} Gbit/s`

/** What so many players need, and what is full first. Markdown. */
export function told(costs: Costs, demand: Demand): string {
  const need = needOf(costs, demand)
  return [
    `${thousands(demand.players)} players online, ${percent(demand.playing)} of them in matches of ${demand.matchS} s, sessions of ${demand.sessionS} s.`,
    '',
    rates(need),
    '',
    processes(need),
    '',
    engines(need),
    '',
    verdict(need, demand),
    '',
    limits(need),
    '',
  ].join('\n')
}

function rates({ rates: of }: Need): string {
  return table([
    ['', ''],
    ['players in rooms', thousands(of.playing)],
    ['rooms', thousands(of.rooms)],
    ['matches begun a second', three(of.match)],
    ['players in the queue', thousands(of.queued)],
    ['players who arrive a second', three(of.signIn + of.signUp)],
  ])
}

function processes({ cores, processes: count, gatewayBytes }: Need): string {
  const names = ['gateway', 'rooms', 'services', 'jobs'] as const
  return table([
    ['', 'CPU, cores', 'processes', ''],
    ...names.map((role) => [
      role,
      three(cores[role]),
      thousands(count[role]),
      role === 'gateway' ? `${three(gatewayBytes / GIB)} GiB for sockets` : '',
    ]),
  ])
}

function engines({ cores, perS, net }: Need): string {
  return table([
    ['', ''],
    ['Redis, cores', three(cores.redis)],
    ['Redis, commands a second', three(perS.redisCommands)],
    ['Redis, to and fro', megabytes(perS.redisBytes)],
    ['Postgres, cores', three(cores.postgres)],
    ['Postgres, statements a second', three(perS.statements)],
    ['Postgres, commits a second', three(perS.commits)],
    ['Postgres, log written', megabytes(perS.walBytes)],
    ['events on the bus a second', three(perS.events)],
    ['to clients, headers included', gigabits(net.out)],
    ['from clients, headers included', gigabits(net.in)],
    ['between rooms and gateways', gigabits(net.lines)],
  ])
}

function verdict({ limits: [first] }: Need, { players }: Demand): string {
  if (!first) return ''
  const at = three(first.players)
  return first.players < players
    ? `**Full first, at ${at} players: ${first.what}** (${first.why}). More than that need several installations, such as one a region (B5), or that limit lifted.`
    : `Nothing is full. The first to be, at ${at} players: ${first.what} (${first.why}).`
}

function limits({ limits: all }: Need): string {
  return table([
    ['what there is only so much of', 'used', 'full at'],
    ...all.map(({ what, why, used, players }) => [`${what}: ${why}`, percent(used), `${three(players)} players`]),
  ])
}

/** Throws an UnreadableResult when something it is made from has not been measured. */
export function pageOf(results: Results): { page: string; chart: Chart } {
  const costs = costsOf(results)
  const page = [
    '<!-- Made by `npm run capacity -- --write` from bench/results. Measure anew, or change bench/capacity. -->',
    '# What a million players need',
    '',
    'What one player, match and sign-up cost is measured on real processes (`npm run bench -- scale`); how many there are of each is arithmetic',
    '([bench/capacity/model.ts](../bench/capacity/model.ts)), and what neither says is assumed and named below. Ask it about other games and sizes:',
    '',
    '```',
    'npm run capacity -- --players 200000 --playing 0.5 --match-s 300 --session-s 3600',
    '```',
    '',
    ...(results['scale-players']?.brief ? [PROVISIONAL, ''] : []),
    '## In one installation',
    '',
    told(costs, DEMAND),
    `![Cores by role; ${chartOf(costs).unit}](images/${IMAGE})`,
    '',
    '## What one of everything costs',
    '',
    'CPU time in µs of each role, and what is counted beside it. Playing and waiting come on top of being online.',
    '',
    costTable(costs),
    '',
    ...measured(results),
    '## Assumptions',
    '',
    table([
      ['', 'value', 'why'],
      ...Object.entries(ASSUMPTIONS).map(([name, { value, unit, source }]) => [
        `\`${name}\``,
        `${value < 1 ? value : thousands(value)} ${unit}`.trimEnd(),
        source,
      ]),
    ]),
    '',
  ]
  return { page: page.join('\n'), chart: chartOf(costs) }
}

function costTable(costs: Costs): string {
  const rows: readonly (readonly [what: string, cost: Cost])[] = [
    ['a player online, a second', costs.online],
    ['playing, a second', costs.playing],
    ['waiting for a match, a second', costs.queued],
    ['a match', costs.match],
    ['a sign-up', costs.signUp],
    ['a sign-in with its socket', costs.signIn],
  ]
  const head = ['Redis commands', 'Redis bytes', 'statements', 'commits', 'events']
  return table([
    ['', ...ROLES, ...head],
    ...rows.map(([what, { cpuUs, counted }]) => [
      what,
      ...ROLES.map((role) => three(cpuUs[role])),
      three(counted.redisCommands),
      three(counted.redisBytes),
      three(counted.statements),
      three(counted.commits),
      three(counted.events),
    ]),
  ])
}

function measured(results: Results): string[] {
  const { 'scale-rooms': rooms, 'scale-topics': topics, 'scale-calls': calls, 'scale-players': players } = results
  return [
    ...(players ? playersSection(players) : []),
    ...(rooms ? roomsSection(rooms) : []),
    ...(topics ? topicsSection(topics) : []),
    ...(calls ? callsSection(calls) : []),
  ]
}

type Of<N extends keyof Results> = NonNullable<Results[N]>

function playersSection(players: Of<'scale-players'>): string[] {
  const { idle, queueing, playing, match, signUp } = players
  const rows = [idle, queueing, playing, match, signUp]
  const commands = [...new Set(rows.flatMap(({ asked }) => Object.keys(asked)))].filter((name) =>
    rows.some(({ asked }) => (asked[name] ?? 0) >= 0.001),
  )
  return [
    '### Commands to Redis',
    '',
    'As the platform names them; a script is one. For a player and second, a match, and a sign-up.',
    '',
    table([
      ['', 'online', 'waiting', 'playing', 'a match', 'a sign-up'],
      ...commands.map((name) => [name, ...rows.map(({ asked }) => three(Math.max(0, asked[name] ?? 0)))]),
    ]),
    '',
    madeBy('players', players, players.pinning),
    '',
  ]
}

function roomsSection(rooms: Of<'scale-rooms'>): string[] {
  return [
    '### Rooms that tick in time',
    '',
    `The whole arena as it ships, rooms of five, an input of each player every ${rooms.inputEveryMs} ms: the most rooms of which 99 of 100 ticks were at most 2 ms late and none was missed.`,
    'Players and servers share two cores here, so this says what still went well and not what a machine can do; the parts of a core do.',
    '',
    table([
      ['', 'rooms', 'cores of each then', 'kept on'],
      ...rooms.shapes.map(({ name, roomsClean, reachedEnd, rungs, pinning }) => [
        name,
        `${reachedEnd ? '≥ ' : ''}${roomsClean}`,
        coresText(rungs.findLast((rung) => rung.rooms === roomsClean)?.cores ?? {}),
        pinning,
      ]),
    ]),
    '',
    madeBy('rooms', rooms),
    '',
  ]
}

const coresText = (cores: Readonly<Record<string, number>>): string =>
  Object.entries(cores)
    .map(([name, part]) => `${name} ${part}`)
    .join(', ')

function topicsSection(topics: Of<'scale-topics'>): string[] {
  return [
    '### Events of topics',
    '',
    `Published over Redis to ${topics.socketsEach} sockets at each gateway, ${topics.textBytes} bytes, ${topics.burst} at a time, all delivered before the next.`,
    '',
    table([
      ['gateways', 'deliveries a second', 'CPU of a gateway for one', 'CPU of Redis for an event', 'kept on'],
      ...topics.shapes.map(({ gateways, perS, gatewayUs, redisUsPerPublish, pinning }) => [
        String(gateways),
        thousands(perS),
        `${gatewayUs} µs`,
        `${redisUsPerPublish} µs`,
        pinning,
      ]),
    ]),
    '',
    madeBy('topics', topics),
    '',
  ]
}

function callsSection(calls: Of<'scale-calls'>): string[] {
  return [
    '### A call',
    '',
    `How long one takes alone, and what CPU time one of ${calls.atOnce} at once costs those who answer.`,
    '',
    table([
      ['', 'p50', 'p99', 'CPU'],
      ...calls.figures.map(({ what, p50Us, p99Us, cpuUs }) => [
        what,
        `${three(p50Us)} µs`,
        `${three(p99Us)} µs`,
        Object.entries(cpuUs)
          .map(([name, us]) => `${name} ${three(us)} µs`)
          .join(', '),
      ]),
    ]),
    '',
    madeBy('calls', calls, calls.pinning),
    '',
  ]
}

function madeBy(part: string, { date, machine, versions }: Kept, pinning?: string): string {
  const { cpu, cores, memoryGib, platform } = machine
  const where = pinning === undefined ? '' : `; ${pinning}`
  return `<sub>\`npm run bench -- scale ${part}\`, ${date}, ${cpu}, ${cores} cores, ${memoryGib} GiB, ${platform}${where}; node ${versions.node}</sub>`
}

function chartOf(costs: Costs): Chart {
  return {
    title: 'Cores by role',
    unit: `cores in use on average, ${percent(DEMAND.playing)} of the players in matches of ${DEMAND.matchS} s`,
    groups: [
      {
        bars: SIZES.map((players) => {
          const { cores } = needOf(costs, { ...DEMAND, players })
          return {
            label: `${thousands(players)} players`,
            text: three(ROLES.reduce((sum, role) => sum + cores[role], 0)),
            segments: ROLES.map((role) => ({ value: cores[role], tone: TONES[role], name: role })),
          }
        }),
      },
    ],
    legend: true,
  }
}
