import type { Random } from '@meydan/contracts/core'
import {
  type ArenaInput,
  type ArenaOwn,
  aimTowards,
  arena,
  arenaForesight,
  FIELD_HEIGHT,
  FIELD_WIDTH,
  FIRE,
  LIFE,
  SHOT_PER_TICK,
  shotOwner,
  shotsOfRow,
  type Trace,
  type TracerHit,
  Tracers,
} from '@meydan/games/arena'
import { type Frame, Play, type Room } from '@meydan/sdk'

export type ArenaRoom = Room<typeof arena.inputLayout, typeof arena.viewLayout>
type ArenaFrame = Frame<ArenaOwn, typeof arena.viewLayout>

const HEADINGS = 8
const WALL_SHY = 120
/** Nearer than this the scatter is the better weapon, in px. */
const SCATTER_NEAR = 200

/** Somebody else as drawn. */
export interface Drawn extends Trace {
  readonly isFast: boolean
}

/** What a screen showed at one moment. */
export interface Shot {
  readonly nowMs: number
  readonly frame: ArenaFrame
  /** Everybody but the own seat, as drawn, by seat. */
  readonly others: readonly (Drawn | undefined)[]
  readonly hits: readonly TracerHit[]
}

/** A room as the page shows it, frame by frame, and somebody who plays it and sees nothing else. */
export class Screen {
  readonly play: Play<ArenaOwn, typeof arena.inputLayout, typeof arena.viewLayout>
  readonly tracers: Tracers
  readonly #room: ArenaRoom
  readonly #pilot: Pilot
  #others: readonly (Drawn | undefined)[] = []

  constructor(room: ArenaRoom, random: Random) {
    this.#room = room
    this.play = new Play(room, arenaForesight)
    this.tracers = new Tracers(room.joined.seat)
    this.#pilot = new Pilot(random)
  }

  /** One frame. */
  draw(nowMs: number): Shot {
    const { play } = this
    const { seat } = this.#room.joined
    play.step(nowMs, () => this.#pilot.wish(nowMs, play.frame(nowMs), this.#others))
    const frame = play.frame(nowMs)
    const others = othersIn(frame, seat)
    this.#others = others
    const { view, tick } = this.#room
    const told = [...view.shots].flatMap(([slot, row]) => (shotOwner(slot) === seat ? shotsOfRow(slot, row) : []))
    const { hits } = this.tracers.follow([...told, ...(frame.own?.fired ?? [])], tick, frame.shownTick, others)
    return { nowMs, frame, others, hits }
  }
}

function othersIn({ others, shownTick }: ArenaFrame, own: number): (Drawn | undefined)[] {
  const drawn: (Drawn | undefined)[] = []
  if (!others) return drawn
  for (const [seat, to] of others.to.avatars) {
    const from = others.from.avatars.get(seat)
    if (seat === own) continue
    const jumps = !from || from.life === LIFE.dead
    const part = jumps ? 1 : others.part
    const [x, y] = jumps ? [to.x, to.y] : [from.x, from.y]
    // What has happened to somebody shows when its moment comes, not on the way there.
    const life = part < 1 && from ? from.life : to.life
    const isFast = shownTick < to.hasteEndsTick + 2
    drawn[seat] = { life, isFast, x: x + (to.x - x) * part, y: y + (to.y - y) * part }
  }
  return drawn
}

/** Plays as people do: strafes, changes its mind, leads its targets, and is a little off. */
class Pilot {
  readonly #random: Random
  #heading = 0
  #untilMs = 0
  #isFiring = false
  #off = 0
  #last: { nowMs: number; others: readonly (Trace | undefined)[] } = { nowMs: 0, others: [] }
  readonly #velocity: { x: number; y: number }[] = []

  constructor(random: Random) {
    this.#random = random
  }

  wish(nowMs: number, { place }: ArenaFrame, others: readonly (Trace | undefined)[]): ArenaInput {
    const [x = FIELD_WIDTH / 2, y = FIELD_HEIGHT / 2] = place ?? []
    this.#watch(nowMs, others)
    if (nowMs >= this.#untilMs) this.#decide(nowMs, x, y)
    const stick = { moveX: Math.cos(this.#heading), moveY: Math.sin(this.#heading) }
    const target = this.#target(x, y, others)
    if (!target) return { ...stick, aim: 0, fire: FIRE.none }
    const aim = (aimTowards(target.x - x, target.y - y) + this.#off + 1_024) % 1_024
    const weapon = Math.hypot(target.x - x, target.y - y) < SCATTER_NEAR ? FIRE.scatter : FIRE.bolt
    return { ...stick, aim, fire: this.#isFiring ? weapon : FIRE.none }
  }

  #watch(nowMs: number, others: readonly (Trace | undefined)[]): void {
    const passedMs = nowMs - this.#last.nowMs
    if (passedMs < 50) return
    for (const [seat, now] of others.entries()) {
      const then = this.#last.others[seat]
      if (now && then) this.#velocity[seat] = { x: (now.x - then.x) / passedMs, y: (now.y - then.y) / passedMs }
    }
    this.#last = { nowMs, others }
  }

  #decide(nowMs: number, x: number, y: number): void {
    this.#untilMs = nowMs + this.#random.int(200, 900)
    this.#off = this.#random.int(-12, 12)
    this.#isFiring = this.#random.float() < 0.8
    const isNearEdge = x < WALL_SHY || y < WALL_SHY || x > FIELD_WIDTH - WALL_SHY || y > FIELD_HEIGHT - WALL_SHY
    const turn = (this.#random.int(0, HEADINGS - 1) / HEADINGS) * 2 * Math.PI
    this.#heading = isNearEdge ? Math.atan2(FIELD_HEIGHT / 2 - y, FIELD_WIDTH / 2 - x) : turn
  }

  /** Where the nearest will be when a shot gets there. */
  #target(x: number, y: number, others: readonly (Trace | undefined)[]): { x: number; y: number } | undefined {
    let best: { x: number; y: number } | undefined
    let nearest = Number.POSITIVE_INFINITY
    for (const [seat, other] of others.entries()) {
      if (!other || other.life === LIFE.dead) continue
      const distance = Math.hypot(other.x - x, other.y - y)
      if (distance >= nearest) continue
      nearest = distance
      const flightMs = (distance / SHOT_PER_TICK) * arena.tickMs
      const velocity = this.#velocity[seat] ?? { x: 0, y: 0 }
      best = { x: other.x + velocity.x * flightMs, y: other.y + velocity.y * flightMs }
    }
    return best
  }
}
