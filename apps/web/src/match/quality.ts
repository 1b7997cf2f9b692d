/** How well one can play over a line. */
export type Quality = 'good' | 'fair' | 'poor'

/** Up to these a line is good, or fair. A person notices about 80 ms; and beyond 195 ms the arena cannot make up for it. */
const GOOD = { rttMs: 80, jitterMs: 20 } as const
const FAIR = { rttMs: 160, jitterMs: 50 } as const

/** `jitterMs`: how much one round trip differs from the next. A line is as good as the worse of the two. */
export function qualityOf(rttMs: number, jitterMs: number): Quality {
  if (rttMs <= GOOD.rttMs && jitterMs <= GOOD.jitterMs) return 'good'
  return rttMs <= FAIR.rttMs && jitterMs <= FAIR.jitterMs ? 'fair' : 'poor'
}
