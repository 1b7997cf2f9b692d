import { FEEDBACK_UPDATED } from '@meydan/contracts/feedback'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { client } from '../client.ts'
import { More, SkeletonCards, Unread } from '../community/reading.tsx'
import { When } from '../community/when.tsx'
import { useText } from '../i18n/i18n.ts'
import { readAnew } from '../read-anew.ts'
import { Said } from './entry.tsx'

const PAGE = 10

/** What the player left before, and what came of it: an answer shows when it is given. */
export function OwnFeedback() {
  const t = useText('feedback')
  const mine = useMine()
  if (mine.isPending) return <SkeletonCards count={2} className="h-28" />
  if (mine.isError && !mine.data) return <Unread error={mine.error} onAgain={() => void mine.refetch()} />
  const all = mine.data.pages.flatMap(({ feedback }) => feedback)
  if (all.length === 0) return <p className="text-soft">{t('none')}</p>
  return (
    <>
      <ul className="flex flex-col gap-3">
        {all.map((feedback) => (
          <li
            key={feedback.feedbackId}
            data-testid="own-feedback"
            className="rounded-2xl border border-line bg-card p-5"
          >
            <Said feedback={feedback} state={t(`state-${feedback.state}`)} />
            {feedback.answer !== null && (
              <div data-testid="answer" className="mt-4 border-l-4 border-accent pl-4">
                <p className="flex flex-wrap justify-between gap-x-3 text-sm text-soft">
                  <span className="font-semibold text-accent">{t('answer')}</span>
                  {feedback.answeredAt && <When at={feedback.answeredAt} />}
                </p>
                <p className="mt-1 wrap-anywhere whitespace-pre-wrap">{feedback.answer}</p>
              </div>
            )}
          </li>
        ))}
      </ul>
      <More hasMore={mine.hasNextPage} isLoading={mine.isFetchingNextPage} onMore={() => void mine.fetchNextPage()} />
    </>
  )
}

function useMine() {
  const queries = useQueryClient()
  useEffect(() => client.on(FEEDBACK_UPDATED, () => void readAnew(queries, ['feedback', 'mine'])), [queries])
  return useInfiniteQuery({
    queryKey: ['feedback', 'mine'],
    // A visitor whom nobody knows yet has left nothing.
    queryFn: async ({ pageParam: before }) =>
      (await client.restore())
        ? client.call.feedback.mine({ limit: PAGE, ...(before && { before }) })
        : { feedback: [], next: null },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  })
}
