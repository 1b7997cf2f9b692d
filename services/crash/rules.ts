import { crashErrors, type PlayLimits } from '@meydan/contracts/crash'

const DAY_MS = 24 * 60 * 60 * 1_000

/** What a player may stake and lose on a day (UTC), in minor units; null for no limit. */
export interface Limits {
  readonly stakePerDay: number | null
  readonly lossPerDay: number | null
}

/** What a player has set. */
export interface Own extends Limits {
  readonly coolOffUntilMs: number | null
  /** Looser limits that are on their way. */
  readonly next: (Limits & { readonly fromMs: number }) | null
}

/** Of today's bets that were not voided, in minor units. */
export interface Today {
  readonly staked: number
  readonly returned: number
}

export const dayStart = (nowMs: number): number => nowMs - (nowMs % DAY_MS)

/** As it is now: limits whose time has come are in force. */
export function inForce(own: Own, nowMs: number): Own {
  const { next } = own
  if (next === null || next.fromMs > nowMs) return own
  return { ...own, stakePerDay: next.stakePerDay, lossPerDay: next.lossPerDay, next: null }
}

/** Throws COOLING_OFF or OWN_LIMIT for a bet that the player has asked not to be let place. An open bet counts as lost. */
export function checkLimits(set: Own, today: Today, amount: number, nowMs: number): void {
  const { coolOffUntilMs, stakePerDay, lossPerDay } = inForce(set, nowMs)
  if (coolOffUntilMs !== null && nowMs < coolOffUntilMs) {
    throw crashErrors.COOLING_OFF({ details: { until: new Date(coolOffUntilMs).toISOString() } })
  }
  const over = (limit: number | null, used: number): boolean => limit !== null && used + amount > limit
  if (over(stakePerDay, today.staked)) throw ownLimit('stakePerDay', stakePerDay)
  if (over(lossPerDay, lostOf(today))) throw ownLimit('lossPerDay', lossPerDay)
}

const ownLimit = (limit: string, value: number | null) =>
  crashErrors.OWN_LIMIT({ details: { field: 'amount', limit, value } })

const lostOf = ({ staked, returned }: Today): number => Math.max(0, staked - returned)

/** Stricter limits count at once, looser ones after a day; a break is never made shorter. */
export function changed(before: Own, wanted: Limits, coolOffDays: number | undefined, nowMs: number): Own {
  const now = inForce(before, nowMs)
  const limits = {
    stakePerDay: stricter(now.stakePerDay, wanted.stakePerDay),
    lossPerDay: stricter(now.lossPerDay, wanted.lossPerDay),
  }
  const isLooser = limits.stakePerDay !== wanted.stakePerDay || limits.lossPerDay !== wanted.lossPerDay
  const { stakePerDay, lossPerDay } = wanted
  const coolOffMs = coolOffDays === undefined ? 0 : nowMs + coolOffDays * DAY_MS
  const coolOffUntilMs = Math.max(now.coolOffUntilMs ?? 0, coolOffMs)
  return {
    ...limits,
    coolOffUntilMs: coolOffUntilMs > nowMs ? coolOffUntilMs : null,
    next: isLooser ? { stakePerDay, lossPerDay, fromMs: nowMs + DAY_MS } : null,
  }
}

function stricter(now: number | null, wanted: number | null): number | null {
  if (now === null) return wanted
  return wanted === null ? now : Math.min(now, wanted)
}

export function shownLimits(set: Own, today: Today, nowMs: number): PlayLimits {
  const { stakePerDay, lossPerDay, coolOffUntilMs, next } = inForce(set, nowMs)
  const timestamp = (ms: number): string => new Date(ms).toISOString()
  return {
    stakePerDay,
    lossPerDay,
    coolOffUntil: coolOffUntilMs === null || coolOffUntilMs <= nowMs ? null : timestamp(coolOffUntilMs),
    stakedToday: today.staked,
    lostToday: lostOf(today),
    next: next && { stakePerDay: next.stakePerDay, lossPerDay: next.lossPerDay, from: timestamp(next.fromMs) },
  }
}
