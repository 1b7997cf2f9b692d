import type { FeedbackEntry } from '@meydan/contracts/feedback'
import { type InfiniteData, keepPreviousData, useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { asAdmin } from '../admin.ts'
import { client } from '../client.ts'
import { readAnew } from '../read-anew.ts'
import type { ReviewSearch } from './search.ts'

const PAGE = 20

type Page = Awaited<ReturnType<typeof client.call.feedback.list>>

/** Everybody's feedback that fits the filter, page by page. */
export function useEverything({ state, kind, search }: ReviewSearch) {
  return useInfiniteQuery({
    queryKey: ['feedback', 'list', { state, kind, search }],
    queryFn: ({ pageParam: before }) =>
      asAdmin(() =>
        client.call.feedback.list({
          limit: PAGE,
          ...(state && { state }),
          ...(kind && { kind }),
          ...(search && { search }),
          ...(before && { before }),
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
  })
}

export function useCounts() {
  return useQuery({
    queryKey: ['feedback', 'counts'],
    queryFn: () => asAdmin(() => client.call.feedback.counts({})),
  })
}

/** Notes that an admin has opened it. When somebody else has done so meanwhile, that is what it says now. */
export async function markRead({ feedbackId, revision }: FeedbackEntry): Promise<FeedbackEntry> {
  return client.call.feedback.review({ feedbackId, revision, state: 'read' })
}

/** Shows a review where the entry stands; in its list it stays until the list is asked for again, so that nothing moves under a finger. */
export function useShowReviewed(): (entry: FeedbackEntry) => void {
  const queries = useQueryClient()
  return useCallback(
    (entry) => {
      queries.setQueriesData<InfiniteData<Page>>(
        { queryKey: ['feedback', 'list'] },
        (data) => data && withEntry(data, entry),
      )
      void readAnew(queries, ['feedback', 'counts'])
    },
    [queries],
  )
}

function withEntry(data: InfiniteData<Page>, entry: FeedbackEntry): InfiniteData<Page> {
  const pages = data.pages.map((page) => ({
    ...page,
    feedback: page.feedback.map((known) => (known.feedbackId === entry.feedbackId ? entry : known)),
  }))
  return { ...data, pages }
}
