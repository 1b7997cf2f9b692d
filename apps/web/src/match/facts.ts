import type { Kill } from './kills.ts'

/** Something a player may want to tell of a match. */
export type Fact =
  /** So many kills without falling in between. */
  | { readonly what: 'streak'; readonly count: number }
  /** Whom the player felled most often, or by whom the player was. */
  | { readonly what: 'prey' | 'nemesis'; readonly name: string; readonly count: number }
  /** The weapon (a value of FIRE) of so many of all the player's kills. */
  | { readonly what: 'weapon'; readonly weapon: number; readonly count: number; readonly all: number }

/** Less is nothing to tell. */
const TELLING_MIN = 2

/** The most telling facts of a match for one seat, from what the page saw of it. */
export function factsOf(kills: readonly Kill[], seat: number, nameOf: (seat: number) => string): Fact[] {
  const mine = kills.filter(({ killer, victim }) => killer === seat && victim !== seat)
  const falls = kills.filter(({ killer, victim }) => victim === seat && killer !== seat)
  const facts: Fact[] = []
  const streak = longestStreak(kills, seat)
  if (streak >= TELLING_MIN) facts.push({ what: 'streak', count: streak })
  const prey = mostOften(mine.map(({ victim }) => victim))
  if (prey && prey.count >= TELLING_MIN) facts.push({ what: 'prey', name: nameOf(prey.value), count: prey.count })
  const nemesis = mostOften(falls.map(({ killer }) => killer))
  if (nemesis && nemesis.count >= TELLING_MIN) {
    facts.push({ what: 'nemesis', name: nameOf(nemesis.value), count: nemesis.count })
  }
  const weapon = mostOften(mine.map((kill) => kill.weapon))
  if (weapon && weapon.count >= TELLING_MIN) {
    facts.push({ what: 'weapon', weapon: weapon.value, count: weapon.count, all: mine.length })
  }
  return facts
}

function longestStreak(kills: readonly Kill[], seat: number): number {
  let longest = 0
  let now = 0
  for (const { killer, victim } of kills) {
    if (victim === seat) now = 0
    else if (killer === seat) longest = Math.max(longest, ++now)
  }
  return longest
}

/** Of several equally often ones, the one that came first. */
function mostOften(values: readonly number[]): { readonly value: number; readonly count: number } | undefined {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  return most && { value: most[0], count: most[1] }
}
