import { styleText } from 'node:util'
import { type BotMatchReport, playBots } from './bot-match.ts'
import { SPAWNS } from './map.ts'

/**
 * Plays matches of bots and prints how they went:
 * `npm run simulate -w games -- [matches of each kind, default 50] [first seed, default 1]`
 */
const KINDS = [
  { title: 'five of skill 0.5', skills: [0.5, 0.5, 0.5, 0.5, 0.5] },
  { title: 'skills 0.1 to 0.9', skills: [0.1, 0.3, 0.5, 0.7, 0.9] },
  { title: 'a duel of 0.9 and 0.2', skills: [0.9, 0.2] },
] as const

const matches = whole(process.argv[2], 50)
const firstSeed = whole(process.argv[3], 1)

for (const { title, skills } of KINDS) report(title, skills, simulate(title, skills))

/** Skills change seats from match to match, so that no seat stands for a skill. */
function simulate(title: string, skills: readonly number[]): Played[] {
  const played: Played[] = []
  for (let index = 0; index < matches; index++) {
    const seated = skills.map((_, seat) => skills[(seat + index) % skills.length] ?? 0)
    played.push({ ...playBots(firstSeed + index, seated), seated })
    if (process.stderr.isTTY) process.stderr.write(`\r${title}: ${index + 1} of ${matches}`)
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  return played
}

interface Played extends BotMatchReport {
  /** The skill in each seat. */
  readonly seated: readonly number[]
}

function report(title: string, skills: readonly number[], played: readonly Played[]): void {
  const first = played.map(({ outcome }) => outcome.standings[0]?.score ?? 0)
  const second = played.map(({ outcome }) => outcome.standings[1]?.score ?? 0)
  console.log(styleText('bold', `\n${title}, ${played.length} matches from seed ${firstSeed}`))
  console.table({
    'kills in a match': spread(played.map(({ kills }) => total(kills))),
    'lead changes': spread(played.map(({ leadChanges }) => leadChanges)),
    "winner's score": spread(first),
    'ahead of the second': spread(first.map((score, index) => score - (second[index] ?? 0))),
    'scatter, % of the damage': spread(
      played.map(({ bolt, scatter }) => share(scatter.damage, scatter.damage + bolt.damage)),
    ),
  })
  const behind = played.filter(({ winnersRankAtHalf }) => winnersRankAtHalf > 1).length
  console.log(`comebacks: in ${share(behind, played.length)} % the winner was behind at half time`)
  if (new Set(skills).size > 1) console.table(bySkill(skills, played))
  else console.table(bySeat(skills, played))
  console.table({ bolt: useOf('bolt', played), scatter: useOf('scatter', played) })
  console.table(bySpawn(played))
}

function bySkill(skills: readonly number[], played: readonly Played[]) {
  return [...new Set(skills)]
    .toSorted()
    .map((skill) => ({ skill, ...placesOf(played, (each, seat) => each.seated[seat] === skill) }))
}

function bySeat(skills: readonly number[], played: readonly Played[]) {
  return skills.map((_, own) => ({ seat: own, ...placesOf(played, (_, seat) => seat === own) }))
}

/** How those whom `isOne` picks did, each of them counted. */
function placesOf(played: readonly Played[], isOne: (each: Played, seat: number) => boolean) {
  const own = played.flatMap((each) =>
    each.outcome.standings
      .filter(({ seat }) => isOne(each, seat))
      .map((standing) => ({ ...standing, kills: each.kills[standing.seat] ?? 0 })),
  )
  return {
    'wins, %': share(own.filter(({ rank }) => rank === 1).length, own.length),
    'mean rank': mean(own.map(({ rank }) => rank)),
    'mean score': mean(own.map(({ score }) => score)),
    'mean kills': mean(own.map(({ kills }) => kills)),
  }
}

function useOf(weapon: 'bolt' | 'scatter', played: readonly Played[]) {
  const own = played.map((each) => each[weapon])
  const all = played.flatMap(({ bolt, scatter }) => [bolt, scatter])
  const sum = (uses: readonly { damage: number; kills: number; fired: number }[], what: 'damage' | 'kills' | 'fired') =>
    total(uses.map((use) => use[what]))
  return {
    'fired in a match': round(sum(own, 'fired') / played.length),
    'damage a shot': round(sum(own, 'damage') / Math.max(1, sum(own, 'fired'))),
    '% of the damage': share(sum(own, 'damage'), sum(all, 'damage')),
    '% of the kills': share(sum(own, 'kills'), sum(all, 'kills')),
  }
}

function bySpawn(played: readonly Played[]) {
  return SPAWNS.map(({ x, y }, index) => {
    const uses = played.flatMap(({ spawns }) => spawns[index] ?? [])
    const lives = total(uses.map((use) => use.lives))
    return {
      x,
      y,
      'lives in a match': round(lives / played.length),
      'score a life': round(total(uses.map(({ score }) => score)) / Math.max(1, lives)),
    }
  })
}

function spread(values: readonly number[]) {
  const sorted = values.toSorted((one, other) => one - other)
  const at = (part: number) => round(sorted[Math.floor(part * (sorted.length - 1))] ?? 0)
  return { mean: mean(values), 'least tenth': at(0.1), median: at(0.5), 'top tenth': at(0.9) }
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

function mean(values: readonly number[]): number {
  return round(total(values) / Math.max(1, values.length))
}

/** In per cent. */
function share(part: number, of: number): number {
  return round((100 * part) / Math.max(1, of))
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
