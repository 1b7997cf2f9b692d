/** Names that nobody takes for a person's. */
export const BOT_NAMES = [
  'Bot Ada',
  'Bot Bora',
  'Bot Ceren',
  'Bot Deniz',
  'Bot Ekin',
  'Bot Fidan',
  'Bot Gaia',
  'Bot Hilal',
  'Bot Iris',
  'Bot Juno',
  'Bot Kaya',
  'Bot Lale',
  'Bot Mira',
  'Bot Nova',
  'Bot Onur',
  'Bot Pera',
] as const

export const SKILL_MIN = 0.2
export const SKILL_MAX = 0.9
const SKILL_DEFAULT = 0.5
/** Displayed ratings of beginners and of the very good. */
const RATING_LOW = 700
const RATING_HIGH = 1_700

/** A bot's skill (0–1) for people of this displayed rating: linear between the two ends, clamped. */
export function skillFor(rating: number | undefined): number {
  if (rating === undefined) return SKILL_DEFAULT
  const part = Math.min(1, Math.max(0, (rating - RATING_LOW) / (RATING_HIGH - RATING_LOW)))
  return SKILL_MIN + part * (SKILL_MAX - SKILL_MIN)
}

/**
 * A room that nothing was heard of for so long is forgotten with its bots: one that never opened, or whose end was lost.
 * Longer than any match, and than an event waits to be heard while the platform is up.
 */
export const ROOM_KEPT_MS = 24 * 60 * 60_000

/** `count` distinct names at random, none of them `taken`. Names that all are taken come again with a number. */
export function namesFor(count: number, random: () => number, taken: readonly string[] = []): string[] {
  const used = new Set(taken)
  return Array.from({ length: Math.max(0, count) }, () => {
    const name = freeName(used, random)
    used.add(name)
    return name
  })
}

function freeName(used: ReadonlySet<string>, random: () => number): string {
  for (let round = 1; ; round++) {
    const names = BOT_NAMES.map((name) => (round === 1 ? name : `${name} ${round}`))
    const free = names.filter((name) => !used.has(name))
    const name = free[Math.floor(random() * free.length)]
    if (name !== undefined) return name
  }
}
