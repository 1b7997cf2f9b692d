import { type Exposure, payableUpTo } from './exposure.ts'
import { MULTIPLIER_MIN, multiplierAt, reachedAtMs } from './growth.ts'
import { payoutOf } from './outcome.ts'

export interface RoundLimits {
  /** Minor units that one bet is paid at most: it is cashed out where it gets there. */
  readonly winMax: number
  /** Minor units that the house may lose in the round: all are cashed out where it would. */
  readonly lossMax: number
  /** Hundredths at which every bet is cashed out. */
  readonly multiplierMax: number
}

/** A bet that rises. */
export interface Stake {
  readonly betId: string
  readonly amount: number
  /** Hundredths; null to be asked. */
  readonly autoCashOut: number | null
}

export interface CashedOut {
  readonly betId: string
  readonly multiplier: number
  readonly payout: number
}

/** What has happened up to a moment, in this order: bets cashed out, and then perhaps the crash. */
export interface Happened {
  readonly cashedOut: readonly CashedOut[]
  readonly crashed: boolean
}

/** Why a bet is not cashed out. */
export type Refused = 'no-bet' | 'crashed'

interface Open extends Stake {
  /** Where it is cashed out by itself. */
  readonly target: number
}

/**
 * A round from its start: pure, moved on by `advance` and `cashOut` with the whole ms since the start, which never go back. Bets are paid the multiplier of
 * the moment at which they ask, and their exact target when they have one; what is due by itself comes first. At the very ms of the crash bets are still paid.
 */
export class Rising {
  readonly crashMs: number
  readonly #crashPoint: number
  readonly #limits: RoundLimits
  /** By target, the nearest last. */
  readonly #due: Open[]
  readonly #open = new Map<string, Open>()
  #sums: Exposure
  #elapsedMs = 0

  /** `earlier`: bets of the round that were cashed out before. */
  constructor(
    crashPoint: number,
    stakes: readonly Stake[],
    limits: RoundLimits,
    earlier: readonly { amount: number; payout: number }[] = [],
  ) {
    this.#crashPoint = crashPoint
    this.crashMs = reachedAtMs(crashPoint)
    this.#limits = limits
    for (const stake of stakes) this.#open.set(stake.betId, { ...stake, target: targetOf(stake, limits) })
    this.#due = [...this.#open.values()].sort((a, b) => b.target - a.target)
    const open = sumOf(stakes, ({ amount }) => amount)
    const staked = open + sumOf(earlier, ({ amount }) => amount)
    this.#sums = { staked, open, paid: sumOf(earlier, ({ payout }) => payout) }
  }

  /** Bets that are still open. */
  get open(): readonly string[] {
    return [...this.#open.keys()]
  }

  get elapsedMs(): number {
    return this.#elapsedMs
  }

  /** Where it is now, in hundredths; where it crashed, once it has. */
  get multiplier(): number {
    return Math.min(multiplierAt(this.#elapsedMs), this.#crashPoint)
  }

  get sums(): Exposure {
    return this.#sums
  }

  advance(elapsedMs: number): Happened {
    this.#elapsedMs = Math.max(this.#elapsedMs, elapsedMs)
    return { cashedOut: [...this.#dueUpTo(this.multiplier)], crashed: this.#elapsedMs > this.crashMs }
  }

  /** Call `advance` with the same moment first: what is due by itself comes before. */
  cashOut(betId: string): CashedOut | Refused {
    const bet = this.#open.get(betId)
    if (!bet) return 'no-bet'
    if (this.#elapsedMs > this.crashMs) return 'crashed'
    return this.#pay(bet, this.multiplier)
  }

  *#dueUpTo(reached: number): Generator<CashedOut> {
    for (;;) {
      const next = this.#nextDue()
      const payable = payableUpTo(this.#sums, this.#limits.lossMax)
      if (next !== undefined && next.target <= Math.min(reached, payable)) yield this.#pay(next, next.target)
      else if (this.#open.size > 0 && payable <= reached) yield* this.#payAll(Math.max(MULTIPLIER_MIN, payable))
      else return
    }
  }

  *#payAll(multiplier: number): Generator<CashedOut> {
    for (const bet of [...this.#open.values()]) yield this.#pay(bet, multiplier)
  }

  #nextDue(): Open | undefined {
    for (let next = this.#due.at(-1); next !== undefined; next = this.#due.at(-1)) {
      if (this.#open.has(next.betId)) return next
      this.#due.pop()
    }
    return undefined
  }

  #pay({ betId, amount }: Open, multiplier: number): CashedOut {
    this.#open.delete(betId)
    const payout = payoutOf(amount, multiplier)
    const { staked, paid, open } = this.#sums
    this.#sums = { staked, paid: paid + payout, open: open - amount }
    return { betId, multiplier, payout }
  }
}

function targetOf({ amount, autoCashOut }: Stake, { winMax, multiplierMax }: RoundLimits): number {
  const most = Math.max(MULTIPLIER_MIN, Math.floor((winMax * MULTIPLIER_MIN) / amount))
  return Math.min(autoCashOut ?? multiplierMax, multiplierMax, most)
}

function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0)
}
