import { Link, Outlet, useLocation } from '@tanstack/react-router'
import { SignInFirst } from '../entry/sign-in-first.tsx'
import { useText } from '../i18n/i18n.ts'
import { usePlayerId } from '../session.ts'

/** `isForAll`: also for who is not signed in. */
const PAGES = [
  { to: '/profile', text: 'profile', isForAll: false },
  { to: '/account', text: 'account', isForAll: false },
  { to: '/sessions', text: 'sessions', isForAll: false },
  { to: '/settings', text: 'settings', isForAll: true },
] as const

/** The pages about the player, with the way from one to the next. */
export function OwnPages() {
  const t = useText('account')
  const isSignedIn = usePlayerId() !== null
  const { pathname } = useLocation()
  const isOpen = isSignedIn || PAGES.some(({ to, isForAll }) => isForAll && to === pathname)
  if (!isOpen) return <SignInFirst />
  return (
    <div className="mx-auto grid w-full max-w-4xl grid-cols-1 gap-6 md:grid-cols-[11rem_minmax(0,1fr)] md:gap-12">
      {isSignedIn && (
        <nav aria-label={t('section')} className="-mx-2 flex flex-wrap md:flex-col md:gap-1">
          {PAGES.map(({ to, text }) => (
            <Link
              key={to}
              to={to}
              activeProps={{ className: 'bg-card font-semibold !text-accent' }}
              className="flex min-h-11 items-center rounded-xl px-3 text-soft hover:text-ink md:px-4"
            >
              {t(text)}
            </Link>
          ))}
        </nav>
      )}
      <div className={`flex min-w-0 flex-col gap-6 ${isSignedIn ? '' : 'md:col-span-2'}`}>
        <Outlet />
      </div>
    </div>
  )
}
