export { lossLimit, payableUpTo } from './exposure.ts'
export { MULTIPLIER_MIN, multiplierAt, reachedAtMs } from './growth.ts'
export { crashPoint, leadingBits, payoutOf } from './outcome.ts'
export { type CashedOut, type Happened, Rising, type RoundLimits, type Stake } from './round.ts'
