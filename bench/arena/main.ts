import { parseArgs } from 'node:util'
import { z } from 'zod'
import { CORES, startOn } from '../measure/child.ts'
import { median, rounded } from '../measure/numbers.ts'
import { keepResult } from '../measure/result.ts'
import { CONTESTANTS, type Contestant } from './contestants.ts'
import { type Probe, type ProbeAsked, probe } from './probe.ts'
import { PLAYERS } from './scene.ts'
import { RoomSearch } from './search.ts'

/**
 * `npm run bench -- arena [--quick] [--minutes 15] [--input-ms 30]`: how many rooms of five players one core ticks in time, each 15 ms with
 * a snapshot to each player, beside Colyseus and a bare ws loop; bytes and CPU of each, also with more moving avatars in a room.
 * `--only meydan,ws --rooms 120 [--rounds 5] [--entities 5] [--profiles FOLDER]` measures those with so many rooms and keeps no result.
 */
const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '15' },
    'input-ms': { type: 'string', default: '30' },
    only: { type: 'string' },
    rooms: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    entities: { type: 'string', default: `${PLAYERS}` },
    profiles: { type: 'string' },
  },
})

/** DESIGN §9 */
const BUDGET_ROOMS = 2.5
const BUDGET_BYTES = 1 / 3
const P99_MS_MAX = 2
const FIRST_ROOMS = 100
/** Rooms with more avatars are compared at a number of them that everybody has time for. */
const ROOMS_OF_MANY = 20
const ENTITIES = [20, 50, 100] as const
/** A core that gives a process less than this is somebody else's, too: then how late a tick runs is no verdict. */
const STILL_SHARE_MIN = 0.95

const rounds = Number(values.rounds)
const inputEveryMs = Number(values['input-ms'])
const beganMs = performance.now()
/** What is not found by then is not looked for: each part has its share of the time, so that a noisy one leaves the others theirs. */
const UNTIL = { search: 0.45, confirm: 0.7, arena: 0.95 } as const
const isTime = (part: keyof typeof UNTIL): boolean =>
  performance.now() - beganMs < Number(values.minutes) * 60_000 * UNTIL[part]
/** Long enough for what runs hot to be compiled: the compiler's own threads share the server's core, and hold its ticks up until then. */
const timing = values.quick ? { warmUpMs: 1_500, windowMs: 1_500 } : { warmUpMs: 8_000, windowMs: 4_000 }
const chosen = (values.only?.split(',') ?? Object.keys(CONTESTANTS)).filter(isContestant)

function isContestant(name: string): name is Contestant {
  return Object.hasOwn(CONTESTANTS, name)
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const isClean = ({ p99Ms, missed }: Pick<Probe, 'p99Ms' | 'missed'>): boolean => p99Ms <= P99_MS_MAX && missed === 0

const COLUMNS: readonly (readonly [title: string, of: (row: Probe) => number | string])[] = [
  ['rooms', (row) => row.rooms],
  ['p50 ms', (row) => row.p50Ms],
  ['p99 ms', (row) => row.p99Ms],
  ['max ms', (row) => row.maxMs],
  ['missed', (row) => row.missed],
  ['ticks/s', (row) => row.ticksPerS],
  ['frames/s', (row) => row.framesPerS],
  ['bytes', (row) => row.bytesPerFrame],
  ['µs/tick', (row) => row.cpuUsPerTick],
  ['server', (row) => row.serverCore],
  ['load', (row) => row.loadCore],
]
const cells = (who: string, of: readonly (number | string)[]): string =>
  `  ${who.padEnd(16)}${of.map((cell) => String(cell).padStart(9)).join('')}`
const heading = (): void =>
  say(
    cells(
      '',
      COLUMNS.map(([title]) => title),
    ),
  )
const line = (who: string, row: Probe): string =>
  cells(
    who,
    COLUMNS.map(([, of]) => of(row)),
  )

async function measure(contestant: Contestant, rooms: number, more: Partial<ProbeAsked> = {}): Promise<Probe> {
  const found = await probe({ contestant, rooms, entities: PLAYERS, inputEveryMs, ...timing, ...more })
  say(`${line(contestant, found)}${isClean(found) ? '' : '  late'}`)
  return found
}

function middle(probes: readonly Probe[]): Probe {
  const [first] = probes
  if (!first) throw new Error('nothing was measured')
  const entries = Object.keys(first).map((field) => [field, median(probes.map((each) => each[field as keyof Probe]))])
  return Object.fromEntries(entries) as Probe
}

/** Whether a process gets its core when it wants it: on a machine that does something else besides, lateness is not the server's own. */
async function isStill(): Promise<boolean> {
  const spinner = startOn(CORES.server, new URL('stillness.ts', import.meta.url), [])
  try {
    const { share, gapMs } = z.object({ share: z.number(), gapMs: z.number() }).parse(await spinner.ask({}))
    say(
      `  the server's core gives ${rounded(100 * share, 1)} % of itself, with pauses of up to ${rounded(gapMs, 1)} ms`,
    )
    return share >= STILL_SHARE_MIN
  } finally {
    await spinner.stop()
  }
}

interface Found {
  readonly contestant: Contestant
  readonly search: RoomSearch
  /** At the largest clean number of rooms. */
  best: Probe | undefined
}

/** Contestants take turns, so that a slow drift of the machine is shared. What is late is asked twice. */
async function searchAll(contestants: readonly Contestant[], part: keyof typeof UNTIL): Promise<Found[]> {
  const all = contestants.map(
    (contestant): Found => ({ contestant, search: new RoomSearch(FIRST_ROOMS), best: undefined }),
  )
  for (let open = all; open.length > 0 && isTime(part); open = open.filter(({ search }) => search.next !== undefined)) {
    for (const found of open) {
      const rooms = found.search.next
      if (rooms === undefined) continue
      let seen = await measure(found.contestant, rooms)
      if (!isClean(seen) && !values.quick) seen = await measure(found.contestant, rooms)
      if (isClean(seen)) found.best = seen
      found.search.told(rooms, isClean(seen))
    }
  }
  return all
}

/** Looks again at what was found, `rounds` times in turns, and takes the medians; what does not hold gives a step back. */
async function confirm(all: readonly Found[]): Promise<void> {
  let open = all.filter(({ search }) => search.clean > 0)
  while (open.length > 0 && isTime('confirm')) {
    const seen = new Map(open.map((found) => [found, [] as Probe[]]))
    for (let round = 0; round < rounds; round++) {
      for (const found of round % 2 === 0 ? open : open.toReversed()) {
        seen.get(found)?.push(await measure(found.contestant, found.search.clean))
      }
    }
    open = open.filter((found) => {
      const again = middle(seen.get(found) ?? [])
      if (isClean(again)) found.best = again
      else found.search.stepBack()
      return !isClean(again) && found.search.clean > 0
    })
  }
}

async function compareMany() {
  const rows = []
  for (const entities of ENTITIES) {
    say(`\n${entities} moving avatars a room, ${ROOMS_OF_MANY} rooms`)
    heading()
    const meydan = await measure('meydan', ROOMS_OF_MANY, { entities })
    const colyseus = await measure('colyseus', ROOMS_OF_MANY, { entities })
    rows.push({ entities, bytesRatio: rounded(meydan.bytesPerFrame / colyseus.bytesPerFrame), meydan, colyseus })
  }
  return rows
}

async function measureAll(): Promise<void> {
  const wasStill = await isStill()
  heading()
  const [peers, own] = [
    chosen.filter((name) => !name.startsWith('arena')),
    chosen.filter((name) => name.startsWith('arena')),
  ]
  const found = await searchAll(peers, 'search')
  if (!values.quick) {
    say(`\nagain, ${rounds} times`)
    await confirm(found)
  }
  const many = await compareMany()
  say('\nthe whole arena game')
  heading()
  found.push(...(await searchAll(own, 'arena')))
  const stayedStill = await isStill()

  say(`\nrooms a core ticks with p99 ≤ ${P99_MS_MAX} ms and no tick missed`)
  heading()
  for (const { contestant, best } of found) if (best) say(line(contestant, best))
  const of = (name: Contestant): Probe | undefined => found.find(({ contestant }) => contestant === name)?.best
  const [meydan, colyseus] = [of('meydan'), of('colyseus')]
  const ratio = meydan && colyseus ? rounded(meydan.rooms / colyseus.rooms) : null
  const bytesRatio = meydan && colyseus ? rounded(meydan.bytesPerFrame / colyseus.bytesPerFrame) : null
  const isFair = wasStill && stayedStill
  say(
    `  ours has ${ratio} times Colyseus's rooms (budget ${BUDGET_ROOMS}) and ${bytesRatio} of its bytes (budget ${rounded(BUDGET_BYTES)})`,
  )
  if (!isFair) say('  no verdict on rooms: the machine did something else besides')
  await keepResult('arena', ['@colyseus/core', '@colyseus/ws-transport', '@colyseus/schema', 'ws'], {
    scene: { players: PLAYERS, tickMs: 15, inputEveryMs },
    clean: { p99Ms: P99_MS_MAX, missed: 0 },
    budgets: { rooms: BUDGET_ROOMS, bytes: rounded(BUDGET_BYTES) },
    ratio,
    bytesRatio,
    withinBudget: {
      rooms: isFair && ratio !== null ? ratio >= BUDGET_ROOMS : null,
      bytes: bytesRatio === null ? null : bytesRatio <= rounded(BUDGET_BYTES),
    },
    contestants: found.map(({ contestant, search, best }) => ({
      contestant,
      what: CONTESTANTS[contestant],
      roomsMax: search.clean,
      complete: search.next === undefined,
      ...best,
    })),
    entities: many,
  })
}

async function measureSome(rooms: number): Promise<void> {
  heading()
  const seen = new Map<Contestant, Probe[]>(chosen.map((contestant) => [contestant, []]))
  for (let round = 0; round < rounds; round++) {
    for (const contestant of round % 2 === 0 ? chosen : chosen.toReversed()) {
      const { profiles } = values
      seen.get(contestant)?.push(await measure(contestant, rooms, { profiles, entities: Number(values.entities) }))
    }
  }
  say(`medians of ${rounds}`)
  for (const [contestant, probes] of seen) say(line(contestant, middle(probes)))
}

if (values.rooms === undefined) await measureAll()
else await measureSome(Number(values.rooms))
