import { Link, useLocation } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../i18n/i18n.ts'
import { InboxCorner } from '../inbox/corner.tsx'
import { usePlayerId } from '../session.ts'
import { useStage } from '../stage-provider.tsx'
import { Icon } from '../ui/icon.tsx'
import { WalletCorner } from '../wallet/corner.tsx'
import { Banner } from './banner.tsx'
import { DisplayMenu } from './display-menu.tsx'
import { PLACES } from './places.tsx'
import { PlayerCorner } from './player-corner.tsx'
import { QueueBar } from './queue-bar.tsx'

const MAIN = 'content'

/** What is around every page but the match. */
export function Frame({ children }: { children: ReactNode }) {
  const { connection } = useStage()
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col">
      <Skip />
      <Header />
      <Main>{children}</Main>
      <div className="fixed inset-x-0 bottom-0 z-10 flex flex-col lg:pointer-events-none">
        <Banner connection={connection} />
        <QueueBar />
        <BottomBar />
      </div>
    </div>
  )
}

/** Past the navigation, for who goes by keyboard: out of sight until it has the focus. */
function Skip() {
  const t = useText('frame')
  return (
    <a
      href={`#${MAIN}`}
      onClick={(event) => {
        event.preventDefault()
        document.getElementById(MAIN)?.focus()
      }}
      className="fixed top-2 left-2 z-20 flex min-h-11 -translate-y-20 items-center rounded-xl bg-accent px-5 font-semibold text-on-accent focus:translate-y-0"
    >
      {t('skip')}
    </a>
  )
}

function Header() {
  const t = useText('frame')
  const isSignedIn = usePlayerId() !== null
  return (
    <header className="flex items-center gap-2 px-4 pt-3 sm:px-8 sm:pt-5">
      <Link
        to="/"
        aria-label={t('home')}
        className="-ml-1.5 flex min-h-11 min-w-11 items-center gap-3 rounded-xl px-1.5"
      >
        <svg viewBox="0 0 32 32" className="size-8 shrink-0" aria-hidden="true">
          <rect width="32" height="32" rx="9" fill="var(--accent)" />
          <circle cx="16" cy="16" r="6.5" fill="none" stroke="var(--on-accent)" strokeWidth="4" />
        </svg>
        <span
          className={`text-lg font-semibold tracking-tight ${isSignedIn ? 'hidden sm:inline lg:max-xl:hidden' : ''}`}
        >
          Meydan
        </span>
      </Link>
      <nav aria-label={t('main')} className="ml-4 hidden gap-1 lg:flex">
        {PLACES.map(({ to, text }) => (
          <PlaceLink key={to} to={to} className="flex min-h-11 items-center rounded-xl px-2.5 text-soft hover:text-ink">
            {t(text)}
          </PlaceLink>
        ))}
      </nav>
      <div className="ml-auto flex items-center gap-1">
        {isSignedIn && <WalletCorner />}
        {isSignedIn && <InboxCorner />}
        <DisplayMenu />
        <PlayerCorner />
      </div>
    </header>
  )
}

/** At 390 px the places are where the thumb is. */
function BottomBar() {
  const t = useText('frame')
  return (
    <nav
      aria-label={t('main')}
      className="flex border-t border-line bg-card pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      {PLACES.map(({ to, text, short = text, icon }) => (
        <PlaceLink
          key={to}
          to={to}
          className="flex min-h-14 min-w-0 flex-1 flex-col items-center justify-center gap-0.5 text-[0.6875rem] text-soft"
        >
          <Icon name={icon} className="size-6" />
          <span className="max-w-full truncate px-0.5">{t(short)}</span>
        </PlaceLink>
      ))}
    </nav>
  )
}

interface PlaceLinkProps {
  readonly to: (typeof PLACES)[number]['to']
  readonly className: string
  readonly children: ReactNode
}

function PlaceLink({ to, className, children }: PlaceLinkProps) {
  const { stage, home } = useStage()
  // Whoever asks for the start has seen the result.
  const leave = (): void => {
    if (to === '/' && stage.name === 'result') home()
  }
  return (
    <Link
      to={to}
      onClick={leave}
      activeOptions={{ exact: to === '/', includeSearch: false }}
      activeProps={{ className: 'font-semibold !text-accent' }}
      className={className}
    >
      {children}
    </Link>
  )
}

/** Whoever reads by ear or goes by keyboard begins where a new page does. */
function Main({ children }: { children: ReactNode }) {
  const main = useRef<HTMLElement>(null)
  const { pathname } = useLocation()
  const { stage } = useStage()
  const place = `${pathname} ${pathname === '/' ? stage.name : ''}`
  useEffect(() => main.current?.focus({ preventScroll: true }), [place])
  return (
    <main id={MAIN} ref={main} tabIndex={-1} className="flex flex-1 flex-col px-5 pt-8 pb-28 sm:px-8 lg:pt-12 lg:pb-16">
      {children}
    </main>
  )
}
