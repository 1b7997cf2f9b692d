import { Link, Outlet } from '@tanstack/react-router'
import { SignInFirst } from '../entry/sign-in-first.tsx'
import { useText } from '../i18n/i18n.ts'
import { usePlayerId } from '../session.ts'
import { Icon } from '../ui/icon.tsx'

const PAGES = [
  { to: '/wallet', text: 'wallet', icon: 'wallet' },
  { to: '/inbox', text: 'inbox', icon: 'inbox' },
  { to: '/rewards', text: 'rewards', icon: 'gift' },
] as const

/** The pages of what the player has, with the way from one to the next. */
export function Belongings() {
  const t = useText('frame')
  if (usePlayerId() === null) return <SignInFirst />
  return (
    <>
      <nav aria-label={t('belongings')} className="mx-auto mb-8 flex w-full max-w-2xl gap-1 rounded-2xl bg-card p-1">
        {PAGES.map(({ to, text, icon }) => (
          <Link
            key={to}
            to={to}
            activeProps={{ className: 'bg-paper font-semibold !text-accent' }}
            className="flex min-h-13 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 rounded-xl px-1 text-center text-xs text-soft hover:text-ink sm:min-h-11 sm:flex-row sm:gap-2 sm:text-base"
          >
            <Icon name={icon} />
            {t(text)}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  )
}
