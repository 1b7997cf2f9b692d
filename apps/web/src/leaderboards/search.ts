import { Period } from '@meydan/contracts/leaderboards'
import { z } from 'zod'

export const VIEWS = ['top', 'around'] as const

/** What is looked at stands in the address, so that it can be shared and gone back to. */
export const BoardSearch = z.object({
  period: Period.catch('daily').default('daily'),
  view: z.enum(VIEWS).catch('top').default('top'),
})
export type BoardSearch = z.infer<typeof BoardSearch>
