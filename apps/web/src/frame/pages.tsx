import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/i18n.ts'
import { buttonLook } from '../ui/button.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { Empty, ErrorState } from '../ui/states.tsx'

/** While a page's code is on its way. */
export function Opening() {
  return <SkeletonLines count={5} />
}

export function NotFound() {
  const t = useText('frame')
  usePageTitle(t('notFound'))
  return (
    <Empty title={t('notFound')} text={t('notFoundText')} level={1}>
      <Link to="/" className={buttonLook('primary')}>
        {t('toStart')}
      </Link>
    </Empty>
  )
}

/** A page's code did not load, or it threw. */
export function Broken({ error }: { error: unknown }) {
  const t = useText('frame')
  console.warn('a page could not be shown', error)
  return (
    <ErrorState
      title={t('broken')}
      text={t('brokenText')}
      action={t('reload')}
      onAgain={() => window.location.reload()}
    />
  )
}
