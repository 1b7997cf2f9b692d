import type { Account as AccountOf } from '@meydan/contracts/identity'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { sentenceOf } from '../sentence.ts'
import { Button, buttonLook } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { ErrorState } from '../ui/states.tsx'
import { AddWay } from './add-way.tsx'
import { ChangePassword } from './change-password.tsx'
import { DeleteAccount } from './delete-account.tsx'
import { Recovery } from './recovery.tsx'
import { RemoveWay } from './remove-way.tsx'
import { SignOutGuest, useSignOut } from './sign-out.tsx'
import { isSafe, WAYS, type Way } from './use-account.ts'

/** The ways into the account, and the way out of it. */
export function Account() {
  const t = useText('account')
  usePageTitle(t('account'))
  const account = useQuery(queries.account())
  if (account.isError && !account.data)
    return <ErrorState title={sentenceOf(account.error)} onAgain={() => void account.refetch()} />
  if (!account.data) return <SkeletonLines count={6} className="h-14" />
  const { recovery } = client
  return (
    <>
      <h1 className="text-2xl font-bold tracking-tight sm:text-3xl">{t('account')}</h1>
      <Ways account={account.data} />
      {recovery && (
        <Card title={t('recovery')} text={t('recoveryText')} data-testid="recovery">
          <Recovery recovery={recovery} />
        </Card>
      )}
      {WAYS.filter((way) => account.data.links.some(({ type }) => type === way)).map((way) => (
        <ChangePassword key={way} way={way} />
      ))}
      <Leaving isGuest={!isSafe(account.data)} />
      <DeleteAccount />
    </>
  )
}

const NAMES = { password: 'wayPassword', email: 'wayEmail' } as const

function Ways({ account }: { account: AccountOf }) {
  const t = useText('account')
  const tFrame = useText('frame')
  const [adding, setAdding] = useState<Way | null>(null)
  const [removing, setRemoving] = useState<Way | null>(null)
  const labelOf = (way: Way): string | undefined => account.links.find(({ type }) => type === way)?.label
  return (
    <Card title={t('ways')} text={t('waysText')} data-testid="ways">
      <ul className="divide-y divide-line">
        {WAYS.map((way) => {
          const label = labelOf(way)
          return (
            <li key={way} data-testid={`way-${way}`} className="flex min-h-16 items-center justify-between gap-4">
              <span className="min-w-0">
                <span className="block font-semibold">{t(NAMES[way])}</span>
                <span className="block truncate text-sm text-soft">{label ?? t('wayNone')}</span>
              </span>
              {label === undefined ? (
                <Button look="quiet" size="small" data-testid={`add-${way}`} onClick={() => setAdding(way)}>
                  {t('add')}
                </Button>
              ) : account.links.length > 1 ? (
                <Button look="quiet" size="small" data-testid={`remove-${way}`} onClick={() => setRemoving(way)}>
                  {t('remove')}
                </Button>
              ) : (
                <span className="max-w-40 text-right text-sm text-soft">{t('onlyWay')}</span>
              )}
            </li>
          )
        })}
      </ul>
      {!isSafe(account) && (
        <Link to="/sign-up" className={`self-start ${buttonLook()}`}>
          {tFrame('signUp')}
        </Link>
      )}
      <AddWay way={adding} onClose={() => setAdding(null)} />
      <RemoveWay way={removing} label={(removing && labelOf(removing)) ?? ''} onClose={() => setRemoving(null)} />
    </Card>
  )
}

function Leaving({ isGuest }: { isGuest: boolean }) {
  const t = useText('account')
  const signOut = useSignOut()
  const [isAsking, setIsAsking] = useState(false)
  return (
    <Card title={t('signOut')} text={t('signOutHere')}>
      <Button
        look="quiet"
        data-testid="sign-out-here"
        className="self-start"
        disabled={signOut.isPending}
        onClick={() => (isGuest ? setIsAsking(true) : signOut.mutate())}
      >
        {t('signOut')}
      </Button>
      <SignOutGuest isOpen={isAsking} onClose={() => setIsAsking(false)} />
    </Card>
  )
}
