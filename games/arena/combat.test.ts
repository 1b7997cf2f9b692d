import { describe, expect, test } from 'vitest'
import { aimTowards, aimX, aimY } from './angle.ts'
import {
  AVATAR_RADIUS,
  HEALTH_MAX,
  PROTECTION_TICKS,
  RELOAD_TICKS,
  RESPAWN_TICKS,
  SCORE_PER_KILL,
  SHOT_DAMAGE,
  SHOT_PER_TICK,
  SHOT_RADIUS,
  SHOT_RANGE,
} from './balance.ts'
import { SPAWNS } from './map.ts'
import { type Match, openMatch } from './match.ts'
import { shotDistance, shotRange } from './shots.ts'
import { avatarOf, FIRE, LIFE } from './state.ts'
import { BOLT } from './weapons.ts'

const EAST = 0
const WEST = 512

/** A match past its warm-up, shields down, with the seats put where the test wants them. */
function arrange(places: readonly (readonly [x: number, y: number])[]): Match {
  const match = openMatch(7, places.length, { warmupMs: 0 })
  match.run(PROTECTION_TICKS + 1)
  for (const [seat, [x, y]] of places.entries()) Object.assign(avatarOf(match.state, seat), { x, y })
  return match
}

/** Pulls the trigger once and lets go. */
function shootOnce(match: Match, seat: number, aim: number): void {
  match.input(seat, { aim, fire: 1 })
  match.run()
  match.input(seat, { aim, fire: 0 })
}

const health = (match: Match, seat: number) => avatarOf(match.state, seat).health
const shotsOf = (match: Match) => match.state.shots.filter((shot) => shot.live)
const far: readonly [number, number] = [800, 830]

describe('shots', () => {
  test('A6 a shot takes its time: it hits when it has flown the way, not before', () => {
    const match = arrange([[450, 450], [650, 450], far])
    shootOnce(match, 0, EAST)
    const ticksToHit = Math.ceil((200 - AVATAR_RADIUS - SHOT_RADIUS) / SHOT_PER_TICK)
    match.run(ticksToHit - 1)
    expect(health(match, 1)).toBe(HEALTH_MAX)
    match.run()
    expect(health(match, 1)).toBe(HEALTH_MAX - SHOT_DAMAGE)
    expect(shotsOf(match)).toHaveLength(0)
  })

  test('A6 a shot past its range is gone and harms nobody', () => {
    const match = arrange([[100, 450], [100 + SHOT_RANGE + AVATAR_RADIUS + SHOT_RADIUS + 1, 470], far])
    Object.assign(avatarOf(match.state, 1), { y: 60 })
    Object.assign(avatarOf(match.state, 0), { y: 60 })
    shootOnce(match, 0, EAST)
    match.run(Math.ceil(SHOT_RANGE / SHOT_PER_TICK) - 1)
    expect(shotsOf(match)).toHaveLength(1)
    match.run()
    expect(shotsOf(match)).toHaveLength(0)
    expect(health(match, 1)).toBe(HEALTH_MAX)
  })

  test('A6 one shot every 240 ms, however long the trigger is held', () => {
    const match = arrange([[100, 60], far, [800, 70]])
    let fired = 0
    match.run(RELOAD_TICKS * 5, () => {
      match.input(0, { aim: 256, fire: 1 })
      fired += shotsOf(match).filter((shot) => shot.bornTick === match.state.tick).length
    })
    expect(fired).toBe(5)
  })

  test('A6 a trigger pulled and let go between two ticks still fires once', () => {
    const match = arrange([[100, 60], far, [800, 70]])
    match.input(0, { aim: EAST, fire: 1 })
    match.input(0, { aim: EAST, fire: 0 })
    match.run(RELOAD_TICKS * 2)
    expect(shotsOf(match)).toHaveLength(1)
  })

  test('A6 walls stop shots, also for one who stands pressed against them', () => {
    const left = 320 - AVATAR_RADIUS
    const right = 360 + AVATAR_RADIUS
    const match = arrange([[left, 250], [right, 250], far])
    for (let shot = 0; shot < 10; shot++) {
      shootOnce(match, 0, EAST)
      match.run(RELOAD_TICKS)
    }
    expect(health(match, 1)).toBe(HEALTH_MAX)
    expect(shotRange(left, 250, EAST, BOLT)).toBe(AVATAR_RADIUS)
  })

  test('A6 a shot ends at the face of a wall, also for one who stands around its corner', () => {
    const match = arrange([[322, 100], [302, 181], far])
    shootOnce(match, 0, 256)
    match.run(20)
    expect(health(match, 1)).toBe(HEALTH_MAX)
  })

  test('A6 the first one on the way is hit, and the one behind is not', () => {
    const match = arrange([
      [450, 450],
      [700, 450],
      [560, 450],
    ])
    shootOnce(match, 0, EAST)
    match.run(60)
    expect([health(match, 1), health(match, 2)]).toEqual([HEALTH_MAX, HEALTH_MAX - SHOT_DAMAGE])
  })

  test('A6 of two whom a shot reaches in the same tick the nearer is hit, whatever their seats', () => {
    for (const [first, second] of [
      [556, 553],
      [553, 556],
    ] as const) {
      const match = arrange([
        [450, 500],
        [first, 500],
        [second, 500],
      ])
      shootOnce(match, 0, EAST)
      match.run(20)
      expect(health(match, first < second ? 1 : 2)).toBe(HEALTH_MAX - SHOT_DAMAGE)
      expect(health(match, first < second ? 2 : 1)).toBe(HEALTH_MAX)
    }
  })

  test('A6 nobody is hit by a shot of their own', () => {
    const match = arrange([[450, 500], [1400, 60], far])
    match.run(120, () => match.input(0, { moveX: match.state.tick % 40 < 20 ? 1 : -1, aim: EAST, fire: 1 }))
    expect(health(match, 0)).toBe(HEALTH_MAX)
  })

  test('A6 a shot that grazes hits, one that passes by a hair does not, and none jumps over', () => {
    const reach = AVATAR_RADIUS + SHOT_RADIUS
    for (const [aside, hit] of [
      [reach - 0.125, true],
      [reach + 0.125, false],
      [-reach + 0.125, true],
      [-reach - 0.125, false],
    ] as const) {
      for (let distance = 150; distance < 150 + SHOT_PER_TICK; distance++) {
        const match = arrange([[400, 450], [400 + distance, 450 + aside], far])
        shootOnce(match, 0, EAST)
        match.run(40)
        expect(health(match, 1) < HEALTH_MAX).toBe(hit)
      }
    }
  })

  test('A10 a shot seen once tells where it is at any later tick', () => {
    const match = arrange([[450, 450], [1400, 60], far])
    shootOnce(match, 0, 100)
    const [shot] = shotsOf(match)
    if (!shot) throw new Error('no shot')
    const seen = { ...shot }
    match.run(20)
    expect(shot).toEqual(seen)
    expect(shotDistance(seen.bornTick % 256, match.state.tick, BOLT)).toBeCloseTo(20 * SHOT_PER_TICK)
    expect(shotDistance(250, 256 + 4, BOLT)).toBeCloseTo(10 * SHOT_PER_TICK)
    expect(shotDistance(10, 9, BOLT)).toBe(0)
  })
})

describe('harm', () => {
  test('A6 five hits kill: points for damage and for the kill, and everybody is told', () => {
    const match = arrange([[450, 450], [560, 450], far])
    for (let shot = 0; shot < HEALTH_MAX / SHOT_DAMAGE; shot++) {
      shootOnce(match, 0, EAST)
      match.run(RELOAD_TICKS)
    }
    expect(match.events).toContainEqual({ type: 'KILL', killer: 0, victim: 1, weapon: FIRE.bolt })
    expect(avatarOf(match.state, 0)).toMatchObject({ score: HEALTH_MAX + SCORE_PER_KILL, kills: 1, deaths: 0 })
    expect(avatarOf(match.state, 1)).toMatchObject({ health: 0, life: LIFE.dead, deaths: 1, score: 0 })
  })

  test('A6 the last blow is worth only the health that was left', () => {
    const match = arrange([[450, 450], [560, 450], far])
    avatarOf(match.state, 1).health = 5
    shootOnce(match, 0, EAST)
    match.run(20)
    expect(avatarOf(match.state, 0).score).toBe(5 + SCORE_PER_KILL)
  })

  test('A6 two who hit each other in one tick both fall', () => {
    const match = arrange([[450, 500], [560, 500], far])
    for (const seat of [0, 1]) avatarOf(match.state, seat).health = SHOT_DAMAGE
    match.input(0, { aim: EAST, fire: 1 })
    match.input(1, { aim: WEST, fire: 1 })
    match.run(20)
    expect(match.events.filter((event) => event.type === 'KILL')).toHaveLength(2)
  })

  test('A6 when two land the last blow in one tick, neither seat is always the one who gets it', () => {
    const killers = new Set<unknown>()
    for (let delay = 0; delay < 5; delay++) {
      const match = arrange([
        [450, 450],
        [650, 450],
        [550, 450],
      ])
      match.run(delay)
      avatarOf(match.state, 2).health = SHOT_DAMAGE
      match.input(0, { aim: EAST, fire: 1 })
      match.input(1, { aim: WEST, fire: 1 })
      match.run(20)
      for (const event of match.events) if (event.type === 'KILL') killers.add(event.killer)
    }
    expect(killers).toEqual(new Set([0, 1]))
  })

  test('A6 the fallen neither move nor fire nor stop shots', () => {
    const match = arrange([
      [450, 450],
      [560, 450],
      [650, 450],
    ])
    avatarOf(match.state, 1).health = SHOT_DAMAGE
    shootOnce(match, 0, EAST)
    match.run(20)
    match.input(1, { moveX: 1, aim: WEST, fire: 1 })
    shootOnce(match, 0, EAST)
    match.run(30)
    expect(avatarOf(match.state, 1)).toMatchObject({ life: LIFE.dead, x: 560 })
    expect([health(match, 0), health(match, 2)]).toEqual([HEALTH_MAX, HEALTH_MAX - SHOT_DAMAGE])
  })
})

describe('coming back', () => {
  function kill(match: Match, victim: number): void {
    avatarOf(match.state, victim).health = SHOT_DAMAGE
    shootOnce(match, 0, EAST)
    for (let waited = 0; avatarOf(match.state, victim).life !== LIFE.dead; waited++) {
      if (waited > 100) throw new Error('the shot did not kill')
      match.run()
    }
  }

  test('A6 after 2 s one is back, whole, at the spawn point farthest from the nearest enemy', () => {
    const match = arrange([
      [450, 450],
      [560, 450],
      [1400, 700],
    ])
    kill(match, 1)
    match.run(RESPAWN_TICKS - 1)
    expect(avatarOf(match.state, 1).life).toBe(LIFE.dead)
    match.run()
    const { x, y, life } = avatarOf(match.state, 1)
    expect({ life, health: health(match, 1) }).toEqual({ life: LIFE.shielded, health: HEALTH_MAX })
    const nearestEnemy = (point: { x: number; y: number }) =>
      Math.min(Math.hypot(point.x - 450, point.y - 450), Math.hypot(point.x - 1400, point.y - 700))
    expect(nearestEnemy({ x, y })).toBe(Math.max(...SPAWNS.map(nearestEnemy)))
    expect(match.events).toContainEqual({ type: 'RESPAWN', seat: 1 })
  })

  test('A6 for 1.5 s after that shots do no harm, and earn nothing', () => {
    const match = arrange([[450, 450], [560, 450], far])
    kill(match, 1)
    match.run(RESPAWN_TICKS)
    const scoreBefore = avatarOf(match.state, 0).score
    Object.assign(avatarOf(match.state, 1), { x: 560, y: 450 })
    shootOnce(match, 0, EAST)
    match.run(30)
    expect(health(match, 1)).toBe(HEALTH_MAX)
    expect(avatarOf(match.state, 0).score).toBe(scoreBefore)
    match.run(PROTECTION_TICKS)
    shootOnce(match, 0, EAST)
    match.run(30)
    expect(health(match, 1)).toBe(HEALTH_MAX - SHOT_DAMAGE)
  })

  test('A6 who fires gives the shield up', () => {
    const match = openMatch(1, 3, { warmupMs: 0 })
    match.run()
    expect(avatarOf(match.state, 0).life).toBe(LIFE.shielded)
    shootOnce(match, 0, EAST)
    expect(avatarOf(match.state, 0).life).toBe(LIFE.alive)
  })
})

describe('directions', () => {
  test('A6 an aim points where one looks, on a circle that grows clockwise on the screen', () => {
    for (const [aim, dx, dy] of [
      [0, 1, 0],
      [256, 0, 1],
      [512, -1, 0],
      [768, 0, -1],
    ] as const) {
      expect(aimTowards(dx, dy)).toBe(aim)
      expect([aimX(aim), aimY(aim)]).toEqual([dx, dy].map((value) => expect.closeTo(value, 6)))
    }
    for (let aim = 0; aim < 1024; aim++) expect(aimTowards(aimX(aim), aimY(aim))).toBe(aim)
  })
})
