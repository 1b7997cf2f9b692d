import { setTimeout as delay } from 'node:timers/promises'
import { seededRandom } from '@meydan/contracts/core'
import { startEngines } from './engines.ts'
import { FAULTS, type FaultName, type Scene, type Struck } from './faults.ts'
import { type Installation, startInstallation } from './installation.ts'
import { createInvariants, type Invariants } from './invariants.ts'
import { type Crowd, gather, type Person } from './person.ts'
import { type Missed, missedSince } from './sights.ts'

export interface ChaosOptions {
  /** Of all moments and choices; what processes make of them is the machine's. */
  readonly seed: number
  readonly faults: readonly FaultName[]
  /** Of each fault. */
  readonly rounds: number
  readonly people: number
  readonly kafkaAwayMs: number
  readonly onRound: (round: Round) => void
  /** Folder for what the processes print. */
  readonly logs?: string | undefined
}

/** One fault, what the crowd missed by it, and what does not hold after it. */
export interface Round extends Missed {
  readonly at: Date
  readonly fault: FaultName
  readonly what: string
  /** Until all that must agree did, from the end of the fault, and what did not when it was looked at last. */
  readonly settledMs: number
  readonly waitedFor: string
  readonly violations: readonly string[]
}

const MATCH_MS = 15_000
const BOT_WAIT_MS = 500
/** DESIGN §9. A restart in a rolling update is less than a bad moment of a phone's link. */
const SILENCE_MS_MAX = 3_000
const HANDOVER_MS_MAX = 1_000
const POSITION_MS_MAX = 1_000
const LOOK_EVERY_MS = 200
/** A match is under way for a second or so, and not about to end, when something happens to it. */
const PLAYING_MS_MAX = 40_000
const SIGHTS_MIN = 20
const MOMENT_MS_MAX = 1_500
/** A player whose line broke waits longer each time it tries; a matcher takes up what was left behind after six seconds. */
const SETTLED_MS_MAX = 40_000

/** Rounds of faults on a steady crowd. Redis keeps what it was told or forgets it by turns of the seed. */
export async function chaos(options: ChaosOptions): Promise<Round[]> {
  const random = seededRandom(options.seed)
  const engines = await startEngines({ redisKeeps: options.seed % 2 === 0 })
  let [installation, crowd]: [Installation | undefined, Crowd | undefined] = [undefined, undefined]
  try {
    installation = await startInstallation(engines, {
      MEYDAN_MATCH_MS: String(MATCH_MS),
      MEYDAN_BOT_WAIT_MS: String(BOT_WAIT_MS),
    })
    crowd = await gather(installation.url, options.people, random)
    const { people } = crowd
    const invariants = createInvariants({ engines, installation, people })
    const scene: Scene = { engines, installation, random, kafkaAwayMs: options.kafkaAwayMs }
    const told = new Set<string>()
    const rounds: Round[] = []
    for (const fault of inTurns(options)) {
      const round = await roundOf(fault, scene, people, invariants)
      // What is broken stays broken: it is told where it was found first.
      const violations = round.violations.filter((violation) => !told.has(violation))
      for (const violation of violations) told.add(violation)
      rounds.push({ ...round, violations })
      options.onRound({ ...round, violations })
    }
    return rounds
  } finally {
    if (options.logs !== undefined) await installation?.writeLogs(options.logs)
    await crowd?.close()
    await installation?.close()
    await engines.close()
  }
}

function inTurns({ faults, rounds }: ChaosOptions): FaultName[] {
  return Array.from({ length: rounds }, () => faults).flat()
}

async function roundOf(
  fault: FaultName,
  scene: Scene,
  people: readonly Person[],
  invariants: Invariants,
): Promise<Round> {
  await until(PLAYING_MS_MAX, async () => lacking(people, isPlaying, 'plays'))
  await delay(scene.random.int(0, MOMENT_MS_MAX))
  const [at, struckMs] = [new Date(), performance.now()]
  const struck: Struck = await FAULTS[fault](scene)
  const overMs = performance.now()
  const stuck = await until(SETTLED_MS_MAX, async () => lacking(people, (it) => lastSightMs(it) > overMs, 'plays on'))
  await struck.restore?.()
  let waitedFor = ''
  const unsettled = await until(SETTLED_MS_MAX, async () => {
    const found = await invariants.unsettled()
    waitedFor = found[0] ?? waitedFor
    return found
  })
  const settledMs = performance.now() - overMs
  const missed = people.map(({ sights }) => missedSince(sights, struckMs))
  const [silenceMs, positionMs] = [
    Math.max(...missed.map((it) => it.silenceMs)),
    Math.max(...missed.map((it) => it.positionMs)),
  ]
  const broken = await invariants.broken()
  const late =
    silenceMs > (fault === 'drain-rooms' ? HANDOVER_MS_MAX : SILENCE_MS_MAX)
      ? [`play stood still for ${silenceMs.toFixed(0)} ms`]
      : []
  const old = positionMs > POSITION_MS_MAX ? [`a position came back that was ${positionMs.toFixed(0)} ms old`] : []
  const violations = [...(struck.broken ?? []), ...stuck, ...unsettled, ...late, ...old, ...broken]
  return { at, fault, what: struck.what, silenceMs, positionMs, settledMs, waitedFor, violations }
}

const lastSightMs = ({ sights }: Person): number => sights.at(-1)?.atMs ?? 0

/** In a room for a while, by what has been seen of it. */
function isPlaying({ roomId, sights }: Person): boolean {
  const seen = sights.slice(-SIGHTS_MIN)
  return seen.length === SIGHTS_MIN && seen.every((sight) => sight.roomId === roomId)
}

function lacking(people: readonly Person[], has: (person: Person) => boolean, what: string): string[] {
  return people.filter((person) => !has(person)).map(({ playerId }) => `player ${playerId} is not one who ${what}`)
}

/** Looks until nothing is found; gives what is found still when the time is over. */
async function until(ms: number, look: () => Promise<string[]>): Promise<string[]> {
  const untilMs = performance.now() + ms
  for (;;) {
    const found = await looked(look)
    if (found.length === 0 || performance.now() >= untilMs) return found
    await delay(LOOK_EVERY_MS)
  }
}

/** While something is away it cannot be looked at. */
async function looked(look: () => Promise<string[]>): Promise<string[]> {
  try {
    return await look()
  } catch (error) {
    return [`cannot be looked at: ${error instanceof Error ? error.message : String(error)}`]
  }
}
