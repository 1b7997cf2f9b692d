import { describe, expect, test } from 'vitest'
import { type BotMatchReport, playBots } from './bot-match.ts'

/** The quick version of `npm run simulate -w games -- 200`. Seeds are fixed, so that it passes or fails for everybody alike. */
const EVEN_MATCHES = 24
const DUELS = 24
/** Some seconds of work, and more where other tests run beside it. */
const TIMEOUT_MS = 60_000

const even = play(EVEN_MATCHES, [0.5, 0.5, 0.5, 0.5, 0.5])

describe('matches of equal bots', () => {
  test('B6 the lead changes hands at least three times in the median match', () => {
    const changes = even.map(({ leadChanges }) => leadChanges).toSorted((one, other) => one - other)
    expect(changes[Math.floor(changes.length / 2)]).toBeGreaterThanOrEqual(3)
  })

  test('B6 a match can be turned: some winners were behind at half time', () => {
    const behind = even.filter(({ winnersRankAtHalf }) => winnersRankAtHalf > 1).length
    expect(behind / even.length).toBeGreaterThan(0.15)
  })

  test('B6 neither weapon takes more than 65 % of the health', () => {
    const [bolt, scatter] = [total(even, ({ bolt }) => bolt.damage), total(even, ({ scatter }) => scatter.damage)]
    expect(Math.max(bolt, scatter) / (bolt + scatter)).toBeLessThan(0.65)
  })

  test('B6 no seat is favoured: each wins near its fifth, and scores like the others', () => {
    const scores = [0, 1, 2, 3, 4].map((seat) =>
      total(even, ({ outcome }) => outcome.standings.find((standing) => standing.seat === seat)?.score ?? 0),
    )
    const mean = scores.reduce((sum, score) => sum + score, 0) / 5
    for (const score of scores) expect(Math.abs(score / mean - 1)).toBeLessThan(0.08)
  })

  test('B6 no spawn point is favoured: a life begun at any of those in common use earns the same', () => {
    const uses = (even[0]?.spawns ?? []).map((_, index) => ({
      lives: total(even, ({ spawns }) => spawns[index]?.lives ?? 0),
      score: total(even, ({ spawns }) => spawns[index]?.score ?? 0),
    }))
    const common = uses.filter(({ lives }) => lives > 5 * EVEN_MATCHES)
    const worth = uses.reduce((sum, { score }) => sum + score, 0) / uses.reduce((sum, { lives }) => sum + lives, 0)
    expect(common.length).toBeGreaterThanOrEqual(6)
    for (const { lives, score } of common) expect(Math.abs(score / lives / worth - 1)).toBeLessThan(0.12)
  })

  test('B6 there is a lot of it: more than 55 kills in each match, and most bolts miss', () => {
    for (const { kills, bolt } of even) {
      expect(kills.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(55)
      expect(bolt.damage / bolt.fired).toBeLessThan(6)
    }
  })
})

describe('matches of unequal bots', () => {
  test(
    'B6 one of skill 0.9 beats one of 0.2 clearly, but not always',
    () => {
      const wins = Array.from({ length: DUELS }, (_, index) => {
        const best = index % 2
        const { standings } = playBots(index + 1, best === 0 ? [0.9, 0.2] : [0.2, 0.9]).outcome
        return standings[0]?.seat === best
      })
      const share = wins.filter(Boolean).length / DUELS
      expect(share).toBeGreaterThan(0.8)
      expect(share).toBeLessThan(1)
    },
    TIMEOUT_MS,
  )

  test(
    'B6 mean ranks follow skill, whatever the seats',
    () => {
      const skills = [0.1, 0.3, 0.5, 0.7, 0.9]
      const ranks = skills.map(() => 0)
      for (let match = 0; match < 15; match++) {
        const seated = skills.map((_, seat) => (seat + match) % 5)
        const { standings } = playBots(
          match + 1,
          seated.map((at) => skills[at] ?? 0),
        ).outcome
        for (const { seat, rank } of standings) ranks[seated[seat] ?? 0] = (ranks[seated[seat] ?? 0] ?? 0) + rank
      }
      expect(ranks).toEqual(ranks.toSorted((one, other) => other - one))
    },
    TIMEOUT_MS,
  )
})

function play(matches: number, skills: readonly number[]): BotMatchReport[] {
  return Array.from({ length: matches }, (_, index) => playBots(index + 1, skills))
}

function total(reports: readonly BotMatchReport[], of: (report: BotMatchReport) => number): number {
  return reports.reduce((sum, report) => sum + of(report), 0)
}
