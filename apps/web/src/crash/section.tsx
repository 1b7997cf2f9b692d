import { Link, Outlet } from '@tanstack/react-router'
import { useText } from '../i18n/i18n.ts'

const PAGES = [
  { to: '/crash', text: 'play' },
  { to: '/crash/bets', text: 'myBets' },
  { to: '/crash/limits', text: 'limits' },
  { to: '/crash/fairness', text: 'fairness' },
] as const

/** The pages of the crash game, with the way from one to the next, and what is played for. */
export function CrashSection() {
  const t = useText('crash')
  return (
    <div className="mx-auto w-full max-w-6xl">
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-6 gap-y-1">
        <nav aria-label={t('section')} className="-mx-3 flex flex-wrap">
          {PAGES.map(({ to, text }) => (
            <Link
              key={to}
              to={to}
              activeOptions={{ exact: true, includeSearch: false }}
              activeProps={{ className: 'font-semibold !text-accent' }}
              className="flex min-h-11 items-center rounded-xl px-3 text-soft hover:text-ink"
            >
              {t(text)}
            </Link>
          ))}
        </nav>
        <p data-testid="play-money" className="text-sm text-soft">
          <strong className="font-semibold text-ink">{t('playMoney')}</strong> {t('playMoneyText')}
        </p>
      </div>
      <Outlet />
    </div>
  )
}
