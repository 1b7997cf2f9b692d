import { Id } from '@meydan/contracts/core'
import { FeedbackKind, FeedbackState } from '@meydan/contracts/feedback'
import { z } from 'zod'

/** Which match the player came from. Digits in an address are read as a number, which has no room for an id: so ids stand in quotes there. */
export const FeedbackSearch = z.object({ match: Id.optional().catch(undefined) })

/** What an admin looks at. */
export const ReviewSearch = z.object({
  state: FeedbackState.optional().catch(undefined),
  kind: FeedbackKind.optional().catch(undefined),
  search: z.coerce.string().max(200).optional().catch(undefined),
})
export type ReviewSearch = z.infer<typeof ReviewSearch>
