import { getRouteApi, Link } from '@tanstack/react-router'
import { useIsAdmin } from '../admin.ts'
import { Column } from '../community/column.tsx'
import { useText } from '../i18n/i18n.ts'
import { FeedbackForm } from './form.tsx'
import { OwnFeedback } from './mine.tsx'

const route = getRouteApi('/feedback')

/** `/app/feedback` (A12). */
export function FeedbackPage() {
  const { match } = route.useSearch()
  const t = useText('feedback')
  const isAdmin = useIsAdmin()
  return (
    <Column title={t('title')} lead={t('lead')}>
      {isAdmin && (
        <p className="mt-4">
          <Link
            to="/feedback/admin"
            data-testid="to-admin"
            className="inline-flex min-h-11 items-center font-semibold text-accent underline"
          >
            {t('toAll')}
          </Link>
        </p>
      )}
      <div className="mt-8">
        <FeedbackForm matchId={match} />
      </div>
      <section aria-labelledby="mine-title" className="mt-12">
        <h2 id="mine-title" className="mb-4 text-xl font-semibold">
          {t('mine')}
        </h2>
        <OwnFeedback />
      </section>
    </Column>
  )
}
