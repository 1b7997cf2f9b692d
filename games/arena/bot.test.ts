import { seededRandom } from '@meydan/contracts/core'
import { describe, expect, test } from 'vitest'
import { aimTowards } from './angle.ts'
import { arena } from './game.ts'
import { inputLayout } from './layout.ts'
import { openMatch, playBots } from './match.ts'
import { avatarOf, LIFE } from './state.ts'

const SEEDS = [11, 12, 13, 14, 15, 16]

describe('bots', () => {
  test('B6 a skilled bot beats clumsy ones clearly, in whatever seat it sits', () => {
    for (const [index, seed] of SEEDS.entries()) {
      const best = index % 5
      const skills = Array.from({ length: 5 }, (_, seat) => (seat === best ? 0.9 : 0.1))
      const { standings } = playBots(seed, skills).outcome
      const [winner, ...others] = standings
      expect(winner?.seat).toBe(best)
      const othersMean = others.reduce((sum, { score }) => sum + score, 0) / others.length
      expect(winner?.score ?? 0).toBeGreaterThan(othersMean * 1.5)
    }
  })

  test('B6 mean ranks follow skill', () => {
    const skills = [0.3, 0.9, 0.1, 0.7, 0.5]
    const ranks = skills.map(() => 0)
    for (const seed of SEEDS) {
      for (const { seat, rank } of playBots(seed, skills).outcome.standings) ranks[seat] = (ranks[seat] ?? 0) + rank
    }
    const bySkill = skills
      .map((skill, seat) => ({ skill, rank: ranks[seat] ?? 0 }))
      .toSorted((one, other) => other.skill - one.skill)
    expect(bySkill.map(({ rank }) => rank)).toEqual(
      bySkill.map(({ rank }) => rank).toSorted((one, other) => one - other),
    )
  })

  test('B6 equal bots make a match: many kills, the lead changes hands, most shots miss', () => {
    for (const seed of SEEDS) {
      const report = playBots(seed, [0.5, 0.5, 0.5, 0.5, 0.5])
      expect(report.kills.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(35)
      expect(report.leadChanges).toBeGreaterThan(0)
      expect(report.shotsHit / report.shotsFired).toBeLessThan(0.4)
    }
  })

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
      // Ahead is the side the target runs to; a full lead is about 18° = 51 steps.
      expect(skilled).toBeGreaterThan(35)
      expect(skilled).toBeLessThan(60)
      expect(clumsy).toBeLessThan(30)
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

/** How far ahead of a target that runs across its line of fire a bot aims, in aim steps, on average of many asks. */
function meanLead(skill: number, moveX: number, moveY: number): number {
  const match = openMatch(2, 2, { warmupMs: 10_000 })
  const random = seededRandom(3)
  const bot = { x: 500, y: 470 }
  const target = moveX === 0 ? { x: bot.x + 200, y: bot.y } : { x: bot.x, y: bot.y + 200 }
  Object.assign(avatarOf(match.state, 0), bot)
  Object.assign(avatarOf(match.state, 1), target)
  match.run(1, () => match.input(1, { moveX, moveY }))
  const runner = avatarOf(match.state, 1)
  const straight = aimTowards(runner.x - bot.x, runner.y - bot.y)
  // Looking along +x, +y is clockwise; looking along +y, +x is counterclockwise.
  const clockwise = moveX === 0 ? moveY : -moveX
  const leads: number[] = []
  for (let asked = 0; asked < 2_000; asked++) {
    const decision = arena.bot(match.state, 0, skill, random)
    if (decision) leads.push((((decision.aim - straight + 512 + 1024) % 1024) - 512) * clockwise)
  }
  return leads.reduce((sum, lead) => sum + lead, 0) / leads.length
}
