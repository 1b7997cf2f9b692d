import { styleText } from 'node:util'
import { type BotMatchReport, playBots } from './match.ts'

/**
 * Plays matches of five bots and prints how they went:
 * `npm run simulate -w games -- [matches, default 50] [first seed, default 1]`
 */
const MIXED = [0.1, 0.3, 0.5, 0.7, 0.9]
const EVEN = [0.5, 0.5, 0.5, 0.5, 0.5]

const matches = whole(process.argv[2], 50)
const firstSeed = whole(process.argv[3], 1)

for (const [title, skills] of [
  ['five of skill 0.5', EVEN],
  ['skills 0.1 to 0.9', MIXED],
] as const) {
  report(title, skills, simulate(title, skills))
}

function simulate(title: string, skills: readonly number[]): BotMatchReport[] {
  const reports: BotMatchReport[] = []
  for (let played = 0; played < matches; played++) {
    reports.push(playBots(firstSeed + played, skills))
    if (process.stderr.isTTY) process.stderr.write(`\r${title}: ${played + 1} of ${matches}`)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  return reports
}

function report(title: string, skills: readonly number[], reports: readonly BotMatchReport[]): void {
  const first = reports.map(({ outcome }) => outcome.standings[0]?.score ?? 0)
  const second = reports.map(({ outcome }) => outcome.standings[1]?.score ?? 0)
  console.log(styleText('bold', `\n${title}, ${reports.length} matches from seed ${firstSeed}`))
  console.table({
    'kills in a match': spread(reports.map(({ kills }) => kills.reduce((sum, count) => sum + count, 0))),
    'lead changes': spread(reports.map(({ leadChanges }) => leadChanges)),
    'shots that hit, %': spread(reports.map(({ shotsHit, shotsFired }) => (100 * shotsHit) / shotsFired)),
    "winner's score": spread(first),
    'ahead of the second': spread(first.map((score, index) => score - (second[index] ?? 0))),
  })
  console.table(
    skills.map((skill, seat) => {
      const own = reports.flatMap(({ outcome }) => outcome.standings.filter((standing) => standing.seat === seat))
      return {
        skill,
        'wins, %': percent(own.filter(({ rank }) => rank === 1).length, reports.length),
        'mean rank': mean(own.map(({ rank }) => rank)),
        'mean score': mean(own.map(({ score }) => score)),
        'mean kills': mean(reports.map(({ kills }) => kills[seat] ?? 0)),
      }
    }),
  )
}

function spread(values: readonly number[]) {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (share: number) => round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0)
  return { mean: mean(values), 'least tenth': at(0.1), median: at(0.5), 'top tenth': at(0.9) }
}

function mean(values: readonly number[]): number {
  return round(values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length))
}

function percent(part: number, whole: number): number {
  return round((100 * part) / Math.max(1, whole))
}

function round(value: number): number {
  return Math.round(value * 10) / 10
}

function whole(text: string | undefined, fallback: number): number {
  const value = Number(text ?? fallback)
  if (!Number.isInteger(value) || value < 0) {
    console.error(`A whole number was expected, not ${text}.`)
    process.exit(2)
  }
  return value
}
