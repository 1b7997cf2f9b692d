import type { Turn } from '@meydan/contracts/core'
import {
  ALONE_TICKS,
  BOLT_SLOTS,
  HEALTH_MAX,
  INPUT_HELD_TICKS,
  PELLETS,
  PROTECTION_TICKS,
  RESPAWN_TICKS,
  SCORE_PER_DAMAGE,
  SCORE_PER_KILL,
  SHELLS_AT_SPAWN,
  SHOT_SLOTS_PER_SEAT,
} from './balance.ts'
import { distanceSquared } from './geometry.ts'
import { asSeen, forget, remember } from './hindsight.ts'
import { type Point, SPAWNS } from './map.ts'
import { moveAvatar, stepsPerTick } from './movement.ts'
import { rankings } from './outcome.ts'
import { takePickups } from './pickups.ts'
import { firstHit, pelletAim, shotOwner, shotRange } from './shots.ts'
import { type ArenaState, type Avatar, avatarOf, FIRE, isPresent, isUp, LIFE, PHASE } from './state.ts'
import { BOLT, SCATTER, shotWeapon, type Weapon } from './weapons.ts'

/** Plays one tick. */
export function playTick(state: ArenaState, turn: Turn): void {
  state.tick = turn.tick
  if (state.phase === PHASE.over) return
  advancePhase(state, turn)
  if (isOver(state)) return
  // Who goes first changes each tick: when two take a medkit or land the last blow in one tick, no seat is always favoured.
  const seats = state.avatars.length
  for (let turnOf = 0; turnOf < seats; turnOf++) playAvatar(state, (turn.tick + turnOf) % seats, turn)
  for (let turnOf = 0; turnOf < seats; turnOf++) flyShots(state, (turn.tick + turnOf) % seats, turn)
  remember(state)
  endWhenAbandoned(state, turn)
}

function advancePhase(state: ArenaState, turn: Turn): void {
  if (state.tick < state.phaseEndsTick) return
  if (state.phase === PHASE.warmup) {
    state.phase = PHASE.playing
    state.phaseEndsTick += state.matchTicks
    turn.emit({ type: 'MATCH_BEGAN', endsTick: state.phaseEndsTick })
  } else {
    finish(state, turn, 'time')
  }
}

/** A function, because the compiler would otherwise hold on to what the phase was before `advancePhase`. */
function isOver(state: ArenaState): boolean {
  return state.phase === PHASE.over
}

function finish(state: ArenaState, turn: Turn, reason: string): void {
  state.phase = PHASE.over
  state.phaseEndsTick = state.tick
  state.reason = reason
  for (const shot of state.shots) shot.live = false
  const winners = rankings(state)
    .filter((standing) => standing.rank === 1)
    .map((standing) => standing.seat)
  turn.emit({ type: 'MATCH_OVER', reason, winners })
}

/** A match that others have left ends early: at once when nobody is left, after ALONE_TICKS when one player is. */
function endWhenAbandoned(state: ArenaState, turn: Turn): void {
  let present = 0
  let joined = 0
  for (const avatar of state.avatars) {
    if (avatar.life !== LIFE.absent) joined++
    if (isPresent(avatar)) present++
  }
  if (present > 1 || joined <= present) {
    state.aloneSinceTick = -1
    return
  }
  if (state.aloneSinceTick < 0) state.aloneSinceTick = state.tick
  if (present === 0 || state.tick - state.aloneSinceTick >= ALONE_TICKS) finish(state, turn, 'abandoned')
}

function playAvatar(state: ArenaState, seat: number, turn: Turn): void {
  const avatar = avatarOf(state, seat)
  if (!isPresent(avatar)) return
  if (state.tick - avatar.inputTick >= INPUT_HELD_TICKS) letGo(avatar)
  if (avatar.life === LIFE.dead && state.tick >= avatar.lifeUntilTick) {
    spawn(state, seat)
    turn.emit({ type: 'RESPAWN', seat })
  }
  if (isUp(avatar)) {
    if (avatar.life === LIFE.shielded && state.tick >= avatar.lifeUntilTick) avatar.life = LIFE.alive
    const { x, y } = avatar
    moveAvatar(avatar, avatar, stepsPerTick(avatar.hasteEndsTick, state.tick))
    avatar.movedX = avatar.x - x
    avatar.movedY = avatar.y - y
    takePickups(state, avatar)
    const trigger = Math.max(avatar.fire, avatar.tapped)
    if (trigger !== FIRE.none) fire(state, seat, avatar, trigger === FIRE.scatter && avatar.shells > 0 ? SCATTER : BOLT)
  }
  avatar.tapped = 0
}

/** Lets go of the stick and the trigger. */
export function letGo(avatar: Avatar): void {
  avatar.moveX = 0
  avatar.moveY = 0
  avatar.fire = 0
  avatar.tapped = 0
}

/** A shot starts at the avatar's centre, so that one pressed against a wall cannot fire through it. */
function fire(state: ArenaState, seat: number, avatar: Avatar, weapon: Weapon): void {
  if (state.phase !== PHASE.playing || state.tick < avatar.reloadedTick) return
  avatar.reloadedTick = state.tick + weapon.reloadTicks
  avatar.life = LIFE.alive
  const first = seat * SHOT_SLOTS_PER_SEAT + takeSlots(avatar, weapon)
  for (let pellet = 0; pellet < weapon.pellets; pellet++) {
    const shot = state.shots[first + pellet]
    if (!shot) continue
    shot.live = true
    shot.x = avatar.x
    shot.y = avatar.y
    shot.aim = pelletAim(avatar.aim, pellet, weapon)
    shot.bornTick = state.tick
    shot.range = shotRange(avatar.x, avatar.y, shot.aim, weapon)
    shot.hindsight = avatar.hindsight
  }
}

/** The first of the seat's slots that what is fired now lies in; a blast takes a shell and as many slots as it has pellets. */
function takeSlots(avatar: Avatar, weapon: Weapon): number {
  if (weapon === BOLT) {
    const slot = avatar.nextSlot
    avatar.nextSlot = (slot + 1) % BOLT_SLOTS
    return slot
  }
  const slot = avatar.nextBlastSlot
  const next = slot + PELLETS
  avatar.nextBlastSlot = next < SHOT_SLOTS_PER_SEAT ? next : BOLT_SLOTS
  avatar.shells--
  return slot
}

/** Moves a seat's shots on by one tick, each along a line from where it was, so that none jumps over a target. */
function flyShots(state: ArenaState, seat: number, turn: Turn): void {
  const first = seat * SHOT_SLOTS_PER_SEAT
  for (let slot = first; slot < first + SHOT_SLOTS_PER_SEAT; slot++) {
    const shot = state.shots[slot]
    if (!shot?.live || shot.bornTick === state.tick) continue
    const weapon = shotWeapon(slot)
    const from = (state.tick - 1 - shot.bornTick) * weapon.perTick
    const to = Math.min(from + weapon.perTick, shot.range)
    const seen = asSeen(state, shot.hindsight)
    const hit = firstHit(shot, weapon, seat, from, to, seen)
    if (hit >= 0 && seen[hit]?.life !== LIFE.shielded) damage(state, shotOwner(slot), hit, weapon, turn)
    if (hit >= 0 || to >= shot.range) shot.live = false
  }
}

/**
 * A shield swallows the shot, and so does one who was up when last seen and has fallen since. Points are for health really taken, so a
 * last blow is worth what was left.
 */
function damage(state: ArenaState, attacker: number, victim: number, weapon: Weapon, turn: Turn): void {
  const target = avatarOf(state, victim)
  if (target.life !== LIFE.alive) return
  const by = avatarOf(state, attacker)
  const taken = Math.min(weapon.damage, target.health)
  target.health -= taken
  by.score += taken * SCORE_PER_DAMAGE
  if (target.health > 0) return
  by.score += SCORE_PER_KILL
  by.kills++
  target.deaths++
  target.life = LIFE.dead
  target.lifeUntilTick = state.tick + RESPAWN_TICKS
  turn.emit({ type: 'KILL', killer: attacker, victim, weapon: weapon.fire })
}

/** Puts a seat's avatar on the field, whole and shielded, at the spawn point whose nearest enemy is farthest away. */
export function spawn(state: ArenaState, seat: number): void {
  const avatar = avatarOf(state, seat)
  let best: Point | undefined
  let bestDistance = -1
  for (const index of state.spawnOrder) {
    const point = SPAWNS[index]
    if (!point) continue
    const distance = nearestEnemySquared(state, seat, point)
    if (distance > bestDistance) {
      best = point
      bestDistance = distance
    }
  }
  avatar.x = best?.x ?? 0
  avatar.y = best?.y ?? 0
  avatar.movedX = 0
  avatar.movedY = 0
  avatar.health = HEALTH_MAX
  avatar.shells = SHELLS_AT_SPAWN
  avatar.hasteEndsTick = 0
  avatar.life = LIFE.shielded
  avatar.lifeUntilTick = state.tick + PROTECTION_TICKS
  forget(state, seat)
}

function nearestEnemySquared(state: ArenaState, seat: number, point: Point): number {
  let nearest = Number.POSITIVE_INFINITY
  for (let other = 0; other < state.avatars.length; other++) {
    const enemy = state.avatars[other]
    if (other !== seat && enemy && isUp(enemy)) nearest = Math.min(nearest, distanceSquared(enemy, point))
  }
  return nearest
}
