const MINOR_DIGITS = 2
const MINOR = 10 ** MINOR_DIGITS

/** Whole and two more digits, with a point or a comma as people type them. */
const TYPED = /^(\d{1,9})(?:[.,](\d{0,2}))?$/

/** Hundredths (of a coin, of a multiplier) of what was typed: `12.5` and `12,50` are 1,250. Null: it is no such number. */
export function hundredthsOf(typed: string): number | null {
  const [, whole, fraction = ''] = TYPED.exec(typed.trim()) ?? []
  return whole === undefined ? null : Number(whole) * MINOR + Number(fraction.padEnd(MINOR_DIGITS, '0'))
}

/** As it would be typed: 1,250 is `12.50`. */
export function typedOf(hundredths: number): string {
  return `${Math.floor(hundredths / MINOR)}.${String(hundredths % MINOR).padStart(MINOR_DIGITS, '0')}`
}

export interface StakeBounds {
  readonly betMin: number
  readonly betMax: number
  /** Undefined while it is not known. */
  readonly balance: number | undefined
}

/** The highest stake there can be; below `betMin` when the player has less than that. */
export function stakeMax({ betMax, balance }: StakeBounds): number {
  return Math.min(betMax, balance ?? betMax)
}

/** A stake as near to the wished one as the bounds let it be. */
export function bounded(wished: number, bounds: StakeBounds): number {
  return Math.max(bounds.betMin, Math.min(wished, stakeMax(bounds)))
}
