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

/** `count` distinct names, beginning somewhere that `start` (any whole number) says. Beyond 16 they are numbered. */
export function namesFor(count: number, start: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const name = BOT_NAMES[(start + index) % BOT_NAMES.length] ?? BOT_NAMES[0]
    const round = Math.floor(index / BOT_NAMES.length)
    return round === 0 ? name : `${name} ${round + 1}`
  })
}
