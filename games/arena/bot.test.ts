import { seededRandom } from '@meydan/contracts/core'
import { describe, expect, test } from 'vitest'
import { aimTowards } from './angle.ts'
import { arena } from './game.ts'
import { formOf } from './habits.ts'
import { inputLayout } from './layout.ts'
import { openMatch } from './match.ts'
import { avatarOf, FIRE, LIFE } from './state.ts'

describe('bots', () => {
  test('B6 what a bot does is an input like anybody’s: in range and on the grid', () => {
    for (const skill of [0, 0.5, 1]) {
      const match = openMatch(2, 5, { warmupMs: 0 })
      const random = seededRandom(1)
      let decisions = 0
      match.run(3_000, (tick) => {
        const decision = arena.bot(match.state, tick % 5, skill, random)
        if (!decision) return
        decisions++
        match.input(tick % 5, decision)
        const values: Record<string, number> = { ...decision }
        for (const [field, { min, max, step }] of Object.entries(inputLayout)) {
          const value = values[field] ?? Number.NaN
          if (!(value >= min && value <= max && (value - min) % step === 0)) throw new Error(`${field} is ${value}`)
        }
      })
      expect(decisions).toBeGreaterThan(500)
    }
  })

  test('B6 a skilled bot aims ahead of a target that runs, on either axis; a clumsy one less so', () => {
    for (const [moveX, moveY] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      const [skilled, clumsy] = [1, 0].map((skill) => meanLead(skill, moveX, moveY))
      // Ahead is the side the target runs to; a full lead is about 18° = 51 steps. Form brings the two nearer to each other.
      expect(skilled).toBeGreaterThan(35)
      expect(skilled).toBeLessThan(60)
      expect(clumsy).toBeLessThan(30)
    }
  })

  test('B6 a skilled bot takes the scatter near by and the bolt from afar; a clumsy one takes either', () => {
    const near = { skilled: scatterShare(1, 100), clumsy: scatterShare(0, 100) }
    const afar = { skilled: scatterShare(1, 230), clumsy: scatterShare(0, 230) }
    expect(near.skilled).toBeGreaterThan(0.8)
    expect(afar.skilled).toBeLessThan(0.2)
    expect(near.clumsy - afar.clumsy).toBeLessThan(0.5)
    expect(scatterShare(1, 100, 0)).toBe(0)
  })

  test('B6 a bot goes for what it needs: shells when it has none, a medkit when it is hurt', () => {
    for (const [need, to] of [
      [
        { shells: 0, health: 100, hasteEndsTick: 10_000 },
        { x: 200, y: 300 },
      ],
      [
        { shells: 4, health: 20, hasteEndsTick: 10_000 },
        { x: 450, y: 450 },
      ],
    ] as const) {
      const match = openMatch(2, 1, { warmupMs: 0 })
      const random = seededRandom(1)
      Object.assign(avatarOf(match.state, 0), { x: 200, y: 500, ...need })
      let nearest = Number.POSITIVE_INFINITY
      match.run(400, (tick) => {
        const decision = tick % 8 === 0 ? arena.bot(match.state, 0, 0.5, random) : null
        if (decision) match.input(0, decision)
        const { x, y } = avatarOf(match.state, 0)
        nearest = Math.min(nearest, Math.hypot(x - to.x, y - to.y))
      })
      expect(nearest).toBeLessThan(40)
    }
  })

  test('B6 form is the same all match long, differs between seats and matches, and is fair', () => {
    const forms: number[] = []
    for (let seed = 0; seed < 400; seed++) {
      const match = openMatch(seed, 5)
      const before = [0, 1, 2, 3, 4].map((seat) => formOf(match.state, seat, 0.5))
      match.run(300)
      expect([0, 1, 2, 3, 4].map((seat) => formOf(match.state, seat, 0.5))).toEqual(before)
      forms.push(...before)
    }
    expect(new Set(forms).size).toBeGreaterThan(1_500)
    for (let seat = 0; seat < 5; seat++) {
      const own = forms.filter((_, index) => index % 5 === seat)
      expect(own.reduce((sum, form) => sum + form, 0) / own.length).toBeCloseTo(0.5, 1)
    }
  })

  test('B6 a fallen bot waits, and one alone on the field walks on without firing', () => {
    const match = openMatch(2, 1, { warmupMs: 0 })
    const random = seededRandom(1)
    for (let asked = 0; asked < 50; asked++) expect(arena.bot(match.state, 0, 0.5, random)?.fire ?? 0).toBe(0)
    avatarOf(match.state, 0).life = LIFE.dead
    expect(arena.bot(match.state, 0, 1, random)).toBeNull()
  })
})

/** How far ahead of a target that runs across its line of fire a bot aims, in aim steps, on average over many matches. */
function meanLead(skill: number, moveX: number, moveY: number): number {
  const random = seededRandom(3)
  const leads: number[] = []
  for (let seed = 0; seed < 100; seed++) {
    const match = openMatch(seed, 2, { warmupMs: 10_000 })
    const bot = { x: 500, y: 470 }
    const target = moveX === 0 ? { x: bot.x + 200, y: bot.y } : { x: bot.x, y: bot.y + 200 }
    Object.assign(avatarOf(match.state, 0), bot)
    Object.assign(avatarOf(match.state, 1), target)
    match.run(1, () => match.input(1, { moveX, moveY }))
    avatarOf(match.state, 0).shells = 0
    const runner = avatarOf(match.state, 1)
    const straight = aimTowards(runner.x - bot.x, runner.y - bot.y)
    // Looking along +x, +y is clockwise; looking along +y, +x is counterclockwise.
    const clockwise = moveX === 0 ? moveY : -moveX
    for (let asked = 0; asked < 20; asked++) {
      const decision = arena.bot(match.state, 0, skill, random)
      if (decision) leads.push((((decision.aim - straight + 512 + 1024) % 1024) - 512) * clockwise)
    }
  }
  return leads.reduce((sum, lead) => sum + lead, 0) / leads.length
}

/** How often a bot that fires takes the scatter against somebody so far away, over many matches. */
function scatterShare(skill: number, distance: number, shells = 2): number {
  const random = seededRandom(3)
  let fired = 0
  let scattered = 0
  for (let seed = 0; seed < 100; seed++) {
    const match = openMatch(seed, 2, { warmupMs: 0 })
    Object.assign(avatarOf(match.state, 0), { x: 450, y: 500, shells })
    Object.assign(avatarOf(match.state, 1), { x: 450 + distance, y: 500, life: LIFE.alive })
    for (let asked = 0; asked < 10; asked++) {
      const decision = arena.bot(match.state, 0, skill, random)
      if (!decision || decision.fire === FIRE.none) continue
      fired++
      if (decision.fire === FIRE.scatter) scattered++
    }
  }
  return scattered / fired
}
