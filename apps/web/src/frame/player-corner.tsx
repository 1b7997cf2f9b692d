import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { SignOutGuest, useSignOut } from '../account/sign-out.tsx'
import { useAccount } from '../account/use-account.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { usePlayerId } from '../session.ts'
import { Avatar } from '../ui/avatar.tsx'
import { buttonLook } from '../ui/button.tsx'
import { Menu, MenuAction, MenuLine, MenuLink, MenuTitle } from '../ui/menu.tsx'

/** Who is signed in, and what is theirs; or the way in. */
export function PlayerCorner() {
  const t = useText('frame')
  if (usePlayerId() !== null) return <PlayerMenu />
  return (
    <Link to="/sign-in" data-testid="to-sign-in" className={buttonLook('plain', 'small')}>
      {t('signIn')}
    </Link>
  )
}

function PlayerMenu() {
  const t = useText('frame')
  const { data: me } = useQuery(queries.me())
  const { isGuest } = useAccount()
  const signOut = useSignOut()
  const [isAsking, setIsAsking] = useState(false)
  const name = me?.displayName ?? t('player')
  return (
    <>
      <Menu
        label={t('menuOf', { name })}
        testId="player-menu"
        trigger={
          <>
            <Avatar name={me?.avatar} className="size-9" />
            <span className="hidden max-w-28 truncate font-semibold xl:inline">{name}</span>
          </>
        }
        triggerClass="flex min-h-11 min-w-11 items-center justify-center gap-2.5 rounded-xl px-1 hover:bg-card"
      >
        <MenuTitle>{isGuest ? `${name} · ${t('guest')}` : name}</MenuTitle>
        {isGuest && (
          <MenuLink to="/sign-up" icon="key" testId="menu-sign-up">
            {t('signUp')}
          </MenuLink>
        )}
        <MenuLink to="/wallet" icon="wallet" testId="menu-wallet">
          {t('wallet')}
        </MenuLink>
        <MenuLink to="/rewards" icon="gift" testId="menu-rewards">
          {t('rewards')}
        </MenuLink>
        <MenuLine />
        <MenuLink to="/profile" icon="person" testId="menu-profile">
          {t('profile')}
        </MenuLink>
        <MenuLink to="/account" icon="key" testId="menu-account">
          {t('account')}
        </MenuLink>
        <MenuLink to="/sessions" icon="device" testId="menu-sessions">
          {t('sessions')}
        </MenuLink>
        <MenuLink to="/settings" icon="settings" testId="menu-settings">
          {t('settings')}
        </MenuLink>
        <MenuLine />
        <MenuAction
          icon="leave"
          testId="menu-sign-out"
          onSelect={() => (isGuest ? setIsAsking(true) : signOut.mutate())}
        >
          {t('signOut')}
        </MenuAction>
      </Menu>
      <SignOutGuest isOpen={isAsking} onClose={() => setIsAsking(false)} />
    </>
  )
}
