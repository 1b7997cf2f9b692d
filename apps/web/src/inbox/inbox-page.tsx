import type { InboxMessage } from '@meydan/contracts/rewards'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useIsAdmin } from '../admin.ts'
import { Column } from '../community/column.tsx'
import { More, SkeletonCards, Unread } from '../community/reading.tsx'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useNow } from '../ui/now.ts'
import { Empty } from '../ui/states.tsx'
import { isClaimable } from './claimable.ts'
import { useClaiming } from './claiming.ts'
import { Message } from './message.tsx'
import { useSeen } from './seen.ts'

/** Expiry is told in minutes at most. */
const LOOK_EVERY_MS = 30_000

/** `/app/inbox`: what was sent to the player, and what can be claimed (B7). */
export function InboxPage() {
  const t = useText('inbox')
  const inbox = useInfiniteQuery(queries.inbox())
  const messages = inbox.data?.pages.flatMap((page) => page.messages)
  const isAdmin = useIsAdmin()
  return (
    <Column title={t('title')} lead={t('lead')}>
      {isAdmin && (
        <p className="mt-4">
          <Link
            to="/campaigns"
            data-testid="to-campaigns"
            className="inline-flex min-h-11 items-center gap-2 font-semibold text-accent underline"
          >
            <Icon name="megaphone" />
            {t('toCampaigns')}
          </Link>
        </p>
      )}
      <div className="mt-8">
        {messages && <Messages messages={messages} />}
        {!messages &&
          (inbox.error ? (
            <Unread error={inbox.error} onAgain={() => void inbox.refetch()} />
          ) : (
            <SkeletonCards count={3} className="h-40" />
          ))}
        {inbox.isFetchNextPageError ? (
          <Unread error={inbox.error} onAgain={() => void inbox.fetchNextPage()} />
        ) : (
          <More
            hasMore={inbox.hasNextPage}
            isLoading={inbox.isFetchingNextPage}
            onMore={() => void inbox.fetchNextPage()}
          />
        )}
      </div>
    </Column>
  )
}

function Messages({ messages }: { messages: readonly InboxMessage[] }) {
  const t = useText('inbox')
  const nowMs = useNow(LOOK_EVERY_MS)
  const fresh = useSeen(messages)
  if (messages.length === 0) return <Empty title={t('none')} text={t('noneText')} />
  return (
    <>
      <ClaimAll count={messages.filter((message) => isClaimable(message, nowMs)).length} />
      <ol className="flex flex-col gap-3">
        {messages.map((message) => (
          <Message key={message.messageId} message={message} isNew={fresh.has(message.messageId)} nowMs={nowMs} />
        ))}
      </ol>
    </>
  )
}

/** Its line stays when there is nothing left to claim, so that the messages do not move under a finger. */
function ClaimAll({ count }: { count: number }) {
  const t = useText('inbox')
  const { claim, error } = useClaiming('all')
  return (
    <div className="mb-4 flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <p aria-live="polite" className={`text-sm ${error ? 'text-warn' : 'text-soft'}`}>
        {error ? sentenceOf(error) : t('unclaimed', { count })}
      </p>
      {count > 0 && (
        <Button look="quiet" size="small" data-testid="claim-all" onClick={claim}>
          {t('claimAll')}
        </Button>
      )}
    </div>
  )
}
