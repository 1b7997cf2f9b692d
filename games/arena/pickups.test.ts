import { describe, expect, test } from 'vitest'
import {
  AVATAR_RADIUS,
  HASTE_PER_TICK,
  HASTE_RETURN_TICKS,
  HASTE_TICKS,
  HEALTH_MAX,
  MEDKIT_HEALTH,
  MEDKIT_RETURN_TICKS,
  MOVE_PER_TICK,
  PICKUP_RADIUS,
  PROTECTION_TICKS,
  SHELLS_IN_BOX,
  SHELLS_MAX,
  SHELLS_RETURN_TICKS,
} from './balance.ts'
import { PICKUP, PICKUPS, type Pickup } from './map.ts'
import { type Match, openMatch } from './match.ts'
import { type Avatar, avatarOf } from './state.ts'

/** A match with seat 0 beside the first pickup of a kind, so many px to the right of it, and the others far off. */
function beside(kind: number, away = 0, me: Partial<Avatar> = {}): { match: Match; me: Avatar; pickup: Pickup } {
  const pickup = PICKUPS.find((one) => one.kind === kind)
  if (!pickup) throw new Error('no such pickup')
  const match = openMatch(7, 3, { warmupMs: 0 })
  match.run(PROTECTION_TICKS + 1)
  Object.assign(avatarOf(match.state, 1), { x: 1500, y: 60 })
  Object.assign(avatarOf(match.state, 2), { x: 800, y: 840 })
  Object.assign(avatarOf(match.state, 0), { x: pickup.x + away, y: pickup.y, ...me })
  return { match, me: avatarOf(match.state, 0), pickup }
}

describe('pickups', () => {
  test('A6 a medkit heals 40, never above the most, and is back after 12 s', () => {
    const { match, me } = beside(PICKUP.medkit)
    match.run(10)
    expect(match.state.pickupReturnsTick.every((tick) => tick === 0)).toBe(true)
    me.health = 30
    match.run(2)
    expect(me.health).toBe(30 + MEDKIT_HEALTH)
    match.run(MEDKIT_RETURN_TICKS - 2)
    expect(me.health).toBe(30 + MEDKIT_HEALTH)
    match.run(2)
    expect(me.health).toBe(HEALTH_MAX)
  })

  test('A6 a box holds three shells, never more than fit, is left by whoever is full, and is back after 9 s', () => {
    const { match, me } = beside(PICKUP.shells, 0, { shells: SHELLS_MAX })
    match.run(10)
    me.shells = 0
    match.run()
    expect(me.shells).toBe(SHELLS_IN_BOX)
    match.run(SHELLS_RETURN_TICKS - 1)
    expect(me.shells).toBe(SHELLS_IN_BOX)
    match.run()
    expect(me.shells).toBe(SHELLS_MAX)
  })

  test('A6 haste makes a third faster for 5 s from the next tick on, and is back after 15 s', () => {
    const { match, me } = beside(PICKUP.haste)
    match.run()
    expect(Math.max(...match.state.pickupReturnsTick)).toBe(match.state.tick + HASTE_RETURN_TICKS)
    const steps: number[] = []
    for (let ticks = 0; ticks < HASTE_TICKS + 2; ticks++) {
      Object.assign(me, { x: 800, y: 600 })
      match.input(0, { moveX: 1 })
      match.run()
      steps.push(me.x - 800)
    }
    expect(steps).toEqual([...Array(HASTE_TICKS).fill(HASTE_PER_TICK), MOVE_PER_TICK, MOVE_PER_TICK])
  })

  test('A6 who falls loses haste', () => {
    const { match, me } = beside(PICKUP.haste)
    match.run()
    expect(me.hasteEndsTick).toBeGreaterThan(match.state.tick)
    Object.assign(me, { x: 1300, y: 60, health: 5 })
    match.input(1, { aim: 512, fire: 1 })
    match.run(200)
    expect(me).toMatchObject({ deaths: 1, hasteEndsTick: 0 })
  })

  test('A6 a pickup is taken by touching it, not from farther away', () => {
    const touching = AVATAR_RADIUS + PICKUP_RADIUS
    for (const [away, taken] of [
      [touching, true],
      [touching + 0.125, false],
    ] as const) {
      const { match, me } = beside(PICKUP.medkit, away, { health: 30 })
      match.run()
      expect(me.health > 30).toBe(taken)
    }
  })

  test('A6 of two who touch one in the same tick, neither seat always gets it', () => {
    const takers = new Set<number>()
    for (let delay = 0; delay < 5; delay++) {
      const { match, pickup } = beside(PICKUP.shells, 300)
      match.run(delay)
      for (const seat of [0, 1]) Object.assign(avatarOf(match.state, seat), { x: pickup.x, y: pickup.y, shells: 0 })
      match.run()
      takers.add([0, 1].findIndex((seat) => avatarOf(match.state, seat).shells > 0))
    }
    expect(takers).toEqual(new Set([0, 1]))
  })
})
