import {
  AIM_STEPS,
  arena,
  BOLT,
  BORN_MODULUS,
  HASTE_PER_TICK,
  LIFE,
  MOVE_PER_TICK,
  PELLET_SPREAD,
  type Weapon,
} from '@meydan/games/arena'
import type { LinkShape } from './link.ts'
import { type FrameMs, seatPerson } from './person.ts'
import { type Judged, refereed } from './referee.ts'
import type { Shot } from './screen.ts'
import { openWorld } from './world.ts'

/** How play over some link looked. */
export interface Smoothness {
  /** px that the drawn own avatar moved in one frame, of up to 75 ms, beyond what the rules allow in that time. */
  readonly snap: Spread
  /** px between where the own avatar was drawn and where the rules had it. */
  readonly correction: Spread
  /** px that a drawn other moved in one frame beyond what the rules allow. */
  readonly otherSnap: Spread
  /** The share of frames in which one of the others who were running stood still. */
  readonly stalled: number
  readonly delayMs: Spread
}

/** What a minute of play over some link was like, for all who played. */
export interface Measures extends Smoothness {
  readonly hitsSeen: number
  /** Of those, the ones that the server took for hits too, of the same victim. */
  readonly hitsTrue: number
  /** Hits on the server that the shooter's screen did not show. */
  readonly hitsUnseen: number
  /** The same two by what the clients themselves can know. */
  readonly told: { readonly seen: number; readonly counted: number }
  readonly hindsightTicks: Spread
  readonly bytesPerS: number
}

export interface Spread {
  readonly median: number
  readonly p99: number
  readonly most: number
}

interface SeenHit {
  readonly atMs: number
  readonly owner: number
  readonly weapon: Weapon
  readonly aim: number
  readonly born: number
  readonly victim: number
}

const PEOPLE = ['1', '2', '3', '4']
/** In a longer frame everything that moves jumps. */
const FRAME_MS_MAX = 75
/** The first seconds are the link's: nobody knows it yet. */
const SETTLE_MS = 3_000
const PX_PER_MS = { usual: MOVE_PER_TICK / arena.tickMs, hasted: HASTE_PER_TICK / arena.tickMs }

/** Four people on lines of one shape and a bot play for `ms`, on screens of one kind. */
export async function measure(link: LinkShape, seed: number, ms: number, frameMs?: FrameMs): Promise<Measures> {
  const { game, shots } = refereed()
  const world = await openWorld({ game, seed, people: PEOPLE, bots: 1, options: { warmupMs: 0 } })
  const tally = new Tally()
  const people = []
  for (const playerId of PEOPLE) {
    let last: Shot | undefined
    const see = (seen: Shot): void => {
      if (seen.nowMs > SETTLE_MS) tally.add(person.seat, seen, last, person.play.delayMs)
      last = seen
    }
    const person = await seatPerson(world, playerId, { up: link, down: link }, see, frameMs)
    people.push(person)
  }
  world.run(ms)
  const bytes = people.reduce((sum, { line }) => sum + line.sent.bytes, 0)
  await world.close()
  const told = { seen: 0, counted: 0 }
  for (const { seen, counted } of people.map(({ tracers }) => tracers.tally)) {
    told.seen += seen
    told.counted += counted
  }
  return { ...tally.measures(shots), told, bytesPerS: bytes / people.length / (ms / 1_000) }
}

/** Collects what screens showed, frame by frame. */
export class Tally {
  readonly #snaps: number[] = []
  readonly #corrections: number[] = []
  readonly #otherSnaps: number[] = []
  readonly #delays: number[] = []
  readonly #hits: SeenHit[] = []
  #stalled = 0

  add(owner: number, seen: Shot, last: Shot | undefined, delayMs: number): void {
    for (const { shot, seat } of seen.hits) {
      if (seen.others[seat]?.life !== LIFE.alive) continue
      this.#hits.push({ atMs: seen.nowMs, owner, ...shot, victim: seat })
    }
    this.#delays.push(delayMs)
    if (!last) return
    const passedMs = seen.nowMs - last.nowMs
    const allowed = (isFast: boolean): number => passedMs * (isFast ? PX_PER_MS.hasted : PX_PER_MS.usual)
    const [x, y] = seen.frame.place ?? []
    const [lastX, lastY] = last.frame.place ?? []
    if (x !== undefined && y !== undefined && lastX !== undefined && lastY !== undefined) {
      // Haste may have ended in the last tick, of which a part is still to be drawn.
      const isFast = (last.frame.own?.hasteEndsTick ?? 0) > last.frame.arrivedTick
      const beyond = Math.max(0, Math.hypot(x - lastX, y - lastY) - allowed(isFast))
      if (passedMs <= FRAME_MS_MAX) this.#snaps.push(beyond)
      this.#corrections.push(seen.frame.correction)
    }
    for (const [seat, now] of seen.others.entries()) {
      const then = last.others[seat]
      if (!now || !then || now.life === LIFE.dead || then.life === LIFE.dead) continue
      this.#otherSnaps.push(Math.max(0, Math.hypot(now.x - then.x, now.y - then.y) - allowed(now.isFast)))
    }
    if (seen.frame.shownTick === last.frame.shownTick) this.#stalled++
  }

  smoothness(): Smoothness {
    return {
      snap: spread(this.#snaps),
      correction: spread(this.#corrections),
      otherSnap: spread(this.#otherSnaps),
      stalled: this.#stalled / this.#delays.length,
      delayMs: spread(this.#delays),
    }
  }

  measures(shots: readonly Judged[]): Omit<Measures, 'told' | 'bytesPerS'> {
    const seenOf = (shot: Judged) => this.#hits.filter((hit) => isOf(hit, shot))
    const isTrue = (hit: SeenHit): boolean =>
      shots.some(
        (shot) => isOf(hit, shot) && shot.hasHit && (shot.victims.length === 0 || shot.victims.includes(hit.victim)),
      )
    const decided = shots.filter(({ owner, bornTick }) => owner < PEOPLE.length && bornTick * arena.tickMs > SETTLE_MS)
    return {
      ...this.smoothness(),
      hitsSeen: this.#hits.length,
      hitsTrue: this.#hits.filter(isTrue).length,
      hitsUnseen: decided.filter((shot) => shot.victims.length > 0 && seenOf(shot).length === 0).length,
      hindsightTicks: spread(decided.map(({ hindsight }) => hindsight)),
    }
  }
}

/** A shot of a screen and one of the server are one when they were fired along nearly one aim at nearly one time. */
function isOf(hit: SeenHit, shot: Judged): boolean {
  // Pellets leave together, each a step of the fan from the next.
  const aimOff = shot.weapon === BOLT ? AIM_STEPS / 16 : PELLET_SPREAD / 2
  if (hit.owner !== shot.owner || hit.weapon !== shot.weapon || apart(hit.aim, shot.aim, AIM_STEPS) > aimOff)
    return false
  const isNear = apart(shot.bornTick % BORN_MODULUS, hit.born, BORN_MODULUS) <= 8
  return isNear && Math.abs(shot.bornTick * arena.tickMs - hit.atMs) < 2_000
}

function apart(one: number, other: number, modulus: number): number {
  const straight = Math.abs(one - other)
  return Math.min(straight, modulus - straight)
}

function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return { median: at(0.5), p99: at(0.99), most: at(1) }
}

/** One line of a table for people. */
export function lineOf(measures: Measures): Record<string, string> {
  const px = ({ median, p99, most }: Spread): string => [median, p99, most].map((value) => value.toFixed(1)).join(' / ')
  const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`
  return {
    'own snap px': px(measures.snap),
    'correction px': px(measures.correction),
    'others snap px': px(measures.otherSnap),
    'others stall': share(measures.stalled, 1),
    'hits seen': String(measures.hitsSeen),
    'hits true': share(measures.hitsTrue, measures.hitsSeen),
    'hits unseen': String(measures.hitsUnseen),
    'hindsight ticks': px(measures.hindsightTicks),
    'delay ms': px(measures.delayMs),
    'B/s down': measures.bytesPerS.toFixed(0),
  }
}
