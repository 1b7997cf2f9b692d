import type { Random } from '@meydan/contracts/core'
import { AIM_STEPS, aimTowards, aimX, aimY } from './angle.ts'
import { AVATAR_RADIUS } from './balance.ts'
import { chooseErrand, HEALTH_LOW } from './errands.ts'
import { formOf, type Habits, habitsOf } from './habits.ts'
import { type ArenaInput, inputLayout } from './layout.ts'
import type { Point } from './map.ts'
import { shotOwner, wallDistance } from './shots.ts'
import { type ArenaState, type Avatar, avatarOf, FIRE, isUp, LIFE, PHASE } from './state.ts'
import { BOLT, SCATTER, shotWeapon, type Weapon } from './weapons.ts'

/** Directions a bot chooses among when it steers. */
const HEADINGS = 16
const STICK_STEP = inputLayout.moveX.step
/** Where a bot likes to be from whom it fights, in px: near enough to hit, far enough to dodge. */
const DISTANCE_LIKED = 330
/** The same with a loaded scatter. */
const DISTANCE_LOADED = 140
/** A scatter is worth its shell nearer than this, in px. */
const SCATTER_NEAR = 190
/** A wall nearer than this puts a bot off, in px. */
const WALL_SHY = 90
/** Shots that would pass within this of the centre are worth a dodge, in px. */
const DODGE_ASIDE = 44
/** How long before it hits a bot sees a shot coming. */
const DODGE_AHEAD_TICKS = 30

/** What a bot of `skill` (0 to 1) does now; null: go on as before. It sees no more than the view shows to everybody. */
export function decide(state: ArenaState, seat: number, skill: number, random: Random): ArenaInput | null {
  const me = avatarOf(state, seat)
  const habits = habitsOf(formOf(state, seat, skill))
  if (!isUp(me) || state.phase === PHASE.over || random.float() < habits.dawdle) return null
  const target = chooseTarget(state, seat)
  const heading = steer(state, seat, target, habits, random)
  const stick = { moveX: toStick(aimX(heading)), moveY: toStick(aimY(heading)) }
  if (!target) return { ...stick, aim: heading, fire: 0 }
  const weapon = chooseWeapon(me, target, habits, random)
  const shoots = target.inSight && target.avatar.life !== LIFE.shielded && target.distance < weapon.range
  const aim = takeAim(me, target, weapon, habits, random)
  return { ...stick, aim, fire: shoots && random.float() < habits.trigger ? weapon.fire : FIRE.none }
}

/** The scatter near by, when this bot thinks of it. */
function chooseWeapon(me: Avatar, target: Target, habits: Habits, random: Random): Weapon {
  if (me.shells === 0) return BOLT
  if (random.float() >= habits.choice) return random.float() < 0.5 ? SCATTER : BOLT
  return target.distance < SCATTER_NEAR ? SCATTER : BOLT
}

interface Target {
  readonly avatar: Avatar
  readonly distance: number
  readonly inSight: boolean
}

/** The nearest enemy, with a bias for the visible, the weak and those a shot can hurt; undefined when nobody is up. */
function chooseTarget(state: ArenaState, seat: number): Target | undefined {
  const me = avatarOf(state, seat)
  let best: Target | undefined
  let bestCost = Number.POSITIVE_INFINITY
  for (let other = 0; other < state.avatars.length; other++) {
    const avatar = state.avatars[other]
    if (other === seat || !avatar || !isUp(avatar)) continue
    const distance = Math.hypot(avatar.x - me.x, avatar.y - me.y)
    const inSight = distance < 1 || sees(me, avatar, distance)
    const shielded = avatar.life === LIFE.shielded ? 200 : 0
    const cost = distance + (inSight ? 0 : 350) + shielded + avatar.health
    if (cost < bestCost) {
      best = { avatar, distance, inSight }
      bestCost = cost
    }
  }
  return best
}

function sees(from: Point, to: Point, distance: number): boolean {
  return wallDistance(from.x, from.y, (to.x - from.x) / distance, (to.y - from.y) / distance) >= distance
}

/** Where the target will be when the shot gets there, as well as this bot can tell, and a little off. */
function takeAim(me: Avatar, target: Target, weapon: Weapon, habits: Habits, random: Random): number {
  const { avatar, distance } = target
  const flight = (distance / weapon.perTick) * habits.lead
  const x = avatar.x + avatar.movedX * flight
  const y = avatar.y + avatar.movedY * flight
  // The sum of two even draws: mostly a little off, seldom by much.
  const off = (random.float() + random.float() - 1) * habits.spread
  return (aimTowards(x - me.x, y - me.y) + Math.round(off) + AIM_STEPS) % AIM_STEPS
}

/** The most pleasant of the headings (in aim steps): each wish adds to those that serve it. */
function steer(state: ArenaState, seat: number, target: Target | undefined, habits: Habits, random: Random): number {
  const me = avatarOf(state, seat)
  const alert = random.float() < habits.alert
  const threat = alert ? nearestThreat(state, seat) : undefined
  const errand = chooseErrand(state, me)
  // A fighter circles to one side and now and then changes its mind.
  const side = (Math.floor(state.tick / 90) + seat) % 2 === 0 ? 1 : -1
  let best = 0
  let bestScore = Number.NEGATIVE_INFINITY
  for (let heading = 0; heading < AIM_STEPS; heading += AIM_STEPS / HEADINGS) {
    const dx = aimX(heading)
    const dy = aimY(heading)
    let score = (dx * me.moveX + dy * me.moveY) * 0.35 + random.float() * habits.wander
    const room = wallDistance(me.x, me.y, dx, dy) - AVATAR_RADIUS
    if (room < WALL_SHY) score -= 2 * (1 - room / WALL_SHY)
    if (target) score += fight(me, target, dx, dy, side)
    if (threat) score += (dx * threat.awayX + dy * threat.awayY) * threat.urgency * 2
    if (errand) score += towards(me, errand.to, dx, dy) * errand.worth
    if (score > bestScore) {
      bestScore = score
      best = heading
    }
  }
  return best
}

/** How well a heading serves the fight: come closer or back off to the distance liked, and circle when in sight. */
function fight(me: Avatar, target: Target, dx: number, dy: number, side: number): number {
  if (target.distance < 1) return 0
  const toX = (target.avatar.x - me.x) / target.distance
  const toY = (target.avatar.y - me.y) / target.distance
  const approach = dx * toX + dy * toY
  if (!target.inSight) return approach
  const liked = Math.max(
    -1,
    Math.min(1, (target.distance - (me.shells > 0 && me.health > HEALTH_LOW ? DISTANCE_LOADED : DISTANCE_LIKED)) / 150),
  )
  return approach * liked + (dx * -toY + dy * toX) * side * 0.6
}

interface Threat {
  readonly awayX: number
  readonly awayY: number
  /** 0 far off, 1 about to hit. */
  readonly urgency: number
}

/** The enemy shot that will hit soonest if the avatar stands still, and which way out is shorter. */
function nearestThreat(state: ArenaState, seat: number): Threat | undefined {
  const me = avatarOf(state, seat)
  let best: Threat | undefined
  for (let slot = 0; slot < state.shots.length; slot++) {
    const shot = state.shots[slot]
    if (!shot?.live || shotOwner(slot) === seat) continue
    const { perTick } = shotWeapon(slot)
    const dx = aimX(shot.aim)
    const dy = aimY(shot.aim)
    const flown = (state.tick - shot.bornTick) * perTick
    const toX = me.x - shot.x
    const toY = me.y - shot.y
    const place = toX * dx + toY * dy
    const ahead = place - flown
    const aside = toY * dx - toX * dy
    if (ahead < 0 || ahead > DODGE_AHEAD_TICKS * perTick || place > shot.range || Math.abs(aside) > DODGE_ASIDE)
      continue
    const urgency = 1 - ahead / (DODGE_AHEAD_TICKS * perTick)
    if (best && best.urgency >= urgency) continue
    const side = aside < 0 ? -1 : 1
    best = { awayX: -dy * side, awayY: dx * side, urgency }
  }
  return best
}

/** The cosine between a heading and the way to a point. */
function towards(me: Avatar, point: Point, dx: number, dy: number): number {
  const distance = Math.hypot(point.x - me.x, point.y - me.y)
  return distance < 1 ? 0 : (dx * (point.x - me.x) + dy * (point.y - me.y)) / distance
}

function toStick(value: number): number {
  return Math.round(value / STICK_STEP) * STICK_STEP
}
