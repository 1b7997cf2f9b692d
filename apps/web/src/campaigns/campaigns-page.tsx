import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { isForbidden } from '../admin.ts'
import { Column } from '../community/column.tsx'
import { More, SkeletonCards, Unread } from '../community/reading.tsx'
import { Refused } from '../community/refused.tsx'
import { useText } from '../i18n/i18n.ts'
import { useFacts } from '../rewards/words.ts'
import { CampaignCard } from './campaign-card.tsx'
import { campaigns } from './campaigns.ts'
import { CampaignForm } from './form.tsx'

/** `/app/campaigns`: messages from an admin to many inboxes (B7). */
export function CampaignsPage() {
  const t = useText('campaigns')
  const sent = useInfiniteQuery(campaigns)
  const facts = useFacts()
  if (sent.isError && isForbidden(sent.error))
    return (
      <Refused title={t('refusedTitle')} text={t('refused')}>
        <Link to="/inbox" className="inline-flex min-h-11 items-center font-semibold text-accent underline">
          {t('toInbox')}
        </Link>
      </Refused>
    )
  return (
    <Column title={t('title')} lead={t('lead')}>
      <div className="mt-8">
        {facts && sent.data ? <CampaignForm facts={facts} /> : <SkeletonCards count={1} className="h-120" />}
      </div>
      <section aria-labelledby="campaigns-title" className="mt-12">
        <h2 id="campaigns-title" className="mb-4 text-xl font-semibold">
          {t('all')}
        </h2>
        <Sent />
      </section>
    </Column>
  )
}

function Sent() {
  const t = useText('campaigns')
  const sent = useInfiniteQuery(campaigns)
  if (sent.isPending) return <SkeletonCards count={2} className="h-36" />
  if (!sent.data) return <Unread error={sent.error} onAgain={() => void sent.refetch()} />
  const all = sent.data.pages.flatMap((page) => page.campaigns)
  if (all.length === 0) return <p className="text-soft">{t('none')}</p>
  return (
    <>
      <ol className="flex flex-col gap-3">
        {all.map((campaign) => (
          <CampaignCard key={campaign.campaignId} campaign={campaign} />
        ))}
      </ol>
      <More hasMore={sent.hasNextPage} isLoading={sent.isFetchingNextPage} onMore={() => void sent.fetchNextPage()} />
    </>
  )
}
