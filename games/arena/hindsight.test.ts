import { seededRandom } from '@meydan/contracts/core'
import { describe, expect, test } from 'vitest'
import { HEALTH_MAX, HINDSIGHT_TICKS_MAX, MOVE_PER_TICK, PROTECTION_TICKS, SHOT_DAMAGE } from './balance.ts'
import { arena } from './game.ts'
import { type Match, openMatch } from './match.ts'
import { avatarOf, LIFE } from './state.ts'

const EAST = 0
const far: readonly [number, number] = [800, 830]

/** A match past its warm-up, shields down, with the seats put where the test wants them and seen there for long enough. */
function arrange(places: readonly (readonly [x: number, y: number])[]): Match {
  const match = openMatch(7, places.length, { warmupMs: 0 })
  match.run(PROTECTION_TICKS + 1)
  for (const [seat, [x, y]] of places.entries()) Object.assign(avatarOf(match.state, seat), { x, y })
  match.run(HINDSIGHT_TICKS_MAX + 1)
  return match
}

const health = (match: Match, seat: number) => avatarOf(match.state, seat).health

/** Fires once along +x, seeing the others as they were `ago` ticks before. */
function shoot(match: Match, ago: number): void {
  match.input(0, { aim: EAST, fire: 1 }, match.turn.tick - ago)
  match.run()
  match.input(0, { aim: EAST, fire: 0 })
}

/** Seat 1 stands 200 px in front of seat 0 and steps aside, down, for as many ticks as it takes to be 40 px away; then seat 0 fires. */
function stepsAside(ago: number): Match {
  const match = arrange([[450, 450], [650, 450], far])
  match.run(12, () => match.input(1, { moveY: 1 }))
  match.input(1, { moveY: 0 })
  shoot(match, ago)
  return match
}

describe('hindsight', () => {
  test('A10 a shot hits where its shooter sees somebody, for the whole of its flight', () => {
    // Running across the line of fire: on the shooter's screen the shot and the runner meet at (650, 450).
    const flight = 17
    for (const ago of [0, 5, HINDSIGHT_TICKS_MAX]) {
      const match = arrange([[450, 450], [650, 450 - (flight + ago) * MOVE_PER_TICK], far])
      match.run(ago * 2, () => match.input(1, { moveY: 1 }))
      Object.assign(avatarOf(match.state, 1), { y: 450 - (flight - ago) * MOVE_PER_TICK })
      const state = match.state
      // The past as it would have been, had it run there all the time.
      for (let back = 0; back < HINDSIGHT_TICKS_MAX; back++) {
        const then = state.past[(state.tick - back) % HINDSIGHT_TICKS_MAX]?.[1]
        if (then) then.y = avatarOf(state, 1).y - back * MOVE_PER_TICK
      }
      match.input(0, { aim: EAST, fire: 1 }, match.turn.tick - ago)
      match.run(1, () => match.input(1, { moveY: 1 }))
      match.input(0, { aim: EAST, fire: 0 })
      match.run(flight + 4, () => match.input(1, { moveY: 1 }))
      expect(health(match, 1)).toBe(HEALTH_MAX - SHOT_DAMAGE)
    }
  })

  test('A10 one who stepped aside is missed by whoever sees the present, and hit by whoever saw the past', () => {
    const now = stepsAside(0)
    now.run(40)
    expect(health(now, 1)).toBe(HEALTH_MAX)
    // The runner stops where the shot will never be; only the past 13 ticks can have it there, and the shot needs 17 to fly.
    const seen = arrange([[450, 450], [520, 450], far])
    seen.run(12, () => seen.input(1, { moveY: 1 }))
    seen.input(1, { moveY: 0 })
    shoot(seen, HINDSIGHT_TICKS_MAX)
    seen.run(40)
    expect(health(seen, 1)).toBe(HEALTH_MAX - SHOT_DAMAGE)
  })

  test('A10 nobody looks back farther than 200 ms, nor into the future', () => {
    const match = arrange([[450, 450], [1400, 60], far])
    for (const [told, believed] of [
      [HINDSIGHT_TICKS_MAX + 1, HINDSIGHT_TICKS_MAX],
      [100_000, HINDSIGHT_TICKS_MAX],
      [-50, 0],
      [Number.NaN, 0],
    ] as const) {
      match.input(0, {}, match.turn.tick - told)
      expect(avatarOf(match.state, 0).hindsight).toBe(believed)
    }
    expect(HINDSIGHT_TICKS_MAX * arena.tickMs).toBeLessThanOrEqual(200)
  })

  test('A10 one who has fallen since is not harmed again, and one whose shield was seen is safe behind it', () => {
    const fallen = arrange([[450, 450], [520, 450], far])
    Object.assign(avatarOf(fallen.state, 1), { life: LIFE.dead, health: 0, lifeUntilTick: 100_000 })
    fallen.run(2)
    shoot(fallen, 8)
    fallen.run(20)
    expect(avatarOf(fallen.state, 0)).toMatchObject({ score: 0, kills: 0 })
    const shielded = arrange([[450, 450], [520, 450], far])
    for (const then of shielded.state.past) Object.assign(then[1] ?? {}, { life: LIFE.shielded })
    shoot(shielded, 12)
    shielded.run(10)
    expect(health(shielded, 1)).toBe(HEALTH_MAX)
  })

  test('A4 one who takes a seat is not hit where the one before stood', () => {
    const match = arrange([[450, 450], [520, 450], far])
    match.leave(1)
    match.join(1)
    Object.assign(avatarOf(match.state, 1), { life: LIFE.alive })
    shoot(match, HINDSIGHT_TICKS_MAX)
    match.run(20)
    expect(health(match, 1)).toBe(HEALTH_MAX)
  })

  test('A10 walls stop a shot whatever its hindsight: one who has been behind one all the time is safe', () => {
    for (let ago = 0; ago <= HINDSIGHT_TICKS_MAX; ago++) {
      const match = arrange([[280, 250], [400, 250], far])
      shoot(match, ago)
      match.run(40)
      expect(health(match, 1)).toBe(HEALTH_MAX)
    }
  })

  test('B6 bots have no hindsight', () => {
    const match = openMatch(3, 3, { warmupMs: 0 })
    const random = seededRandom(1)
    const seen = new Set<number>()
    match.run(1_000, (tick) => {
      const decision = arena.bot(match.state, tick % 3, 1, random)
      if (decision) match.input(tick % 3, decision)
      for (const shot of match.state.shots) if (shot.live) seen.add(shot.hindsight)
    })
    expect([...seen]).toEqual([0])
  })

  test('A8 a match restored from its snapshot looks back as the one it was taken of', () => {
    const play = (match: Match, from: number, until: number): void => {
      match.run(until - from, (tick) => {
        const random = seededRandom(tick)
        const stick = () => random.int(-16, 16) / 16
        for (let seat = 0; seat < 4; seat++) {
          const given = { moveX: stick(), moveY: stick(), aim: random.int(0, 1_023), fire: 1 }
          match.input(seat, given, tick - random.int(0, 20))
        }
      })
    }
    for (let at = 200; at < 600; at += 7) {
      const match = openMatch(at, 4, { warmupMs: 0 })
      play(match, 0, at)
      const restored = openMatch(at, 4, { warmupMs: 0 })
      play(restored, 0, at)
      restored.state = arena.restore(JSON.parse(JSON.stringify(arena.snapshot(match.state))))
      expect(arena.snapshot(restored.state)).toEqual(arena.snapshot(match.state))
      play(match, at, at + 150)
      play(restored, at, at + 150)
      expect(arena.snapshot(restored.state)).toEqual(arena.snapshot(match.state))
    }
  })
})
