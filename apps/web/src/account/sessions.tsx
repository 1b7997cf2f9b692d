import type { Session as SessionOf } from '@meydan/contracts/identity'
import { useMutation, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { client } from '../client.ts'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries, queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { ErrorState } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { deviceOf } from './device.ts'

type Session = z.infer<typeof SessionOf>

/** Where the account is signed in, and how to end that. */
export function Sessions() {
  const t = useText('account')
  usePageTitle(t('sessions'))
  const { data, error, refetch } = useQuery(queries.sessions())
  const end = useEnd()
  if (error && !data) return <ErrorState title={sentenceOf(error)} onAgain={() => void refetch()} />
  // This device first, then by last use.
  const sessions = data?.sessions.toSorted(
    (a, b) => Number(b.current) - Number(a.current) || b.lastUsedAt.localeCompare(a.lastUsedAt),
  )
  const others = sessions?.filter(({ current }) => !current) ?? []
  return (
    <>
      <div>
        <h1 className="text-2xl font-bold tracking-tight sm:text-3xl">{t('sessions')}</h1>
        <p className="mt-1 text-soft">{t('sessionsText')}</p>
      </div>
      {!sessions && <SkeletonLines count={3} className="h-20" />}
      {sessions && (
        <ul data-testid="sessions" className="divide-y divide-line rounded-2xl border border-line bg-card px-4 sm:px-6">
          {sessions.map((session) => (
            <Line key={session.sessionId} session={session} onEnd={() => end.mutate([session.sessionId])} />
          ))}
        </ul>
      )}
      <div role="alert" className="empty:-mt-6">
        {end.error && <p className="text-sm text-warn">{sentenceOf(end.error)}</p>}
      </div>
      {sessions && others.length === 0 && <p className="text-sm text-soft">{t('onlyThis')}</p>}
      {others.length > 0 && (
        <Button
          look="danger"
          data-testid="end-others"
          className="self-start"
          disabled={end.isPending}
          onClick={() => end.mutate(others.map(({ sessionId }) => sessionId))}
        >
          {t('endOthers')}
        </Button>
      )}
    </>
  )
}

function useEnd() {
  const t = useText('account')
  const toast = useToast()
  return useMutation({
    mutationFn: (sessionIds: readonly string[]) =>
      Promise.all(sessionIds.map((sessionId) => client.call.identity.revokeSession({ sessionId }))),
    onSuccess: (ended) => toast(t('ended', { count: ended.length })),
    // Of several, some may have ended all the same.
    onSettled: () => readAnew(queryClient, queries.sessions().queryKey),
  })
}

function Line({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const t = useText('account')
  const { moment } = useFormats()
  const device = useDeviceName(session)
  return (
    <li data-testid="session" className="flex items-center gap-4 py-4">
      <Icon name="device" className="hidden size-7 text-soft sm:block" />
      <div className="min-w-0 flex-1">
        <p className="font-semibold">{device}</p>
        <p className="text-sm text-soft">{t('lastUsed', { moment: moment(session.lastUsedAt) })}</p>
        {session.address !== '' && (
          <p className="text-sm break-all text-soft">{t('address', { address: session.address })}</p>
        )}
      </div>
      {session.current ? (
        <span
          data-testid="this-device"
          className="rounded-full bg-accent px-3 py-1 text-xs font-semibold text-on-accent"
        >
          {t('thisDevice')}
        </span>
      ) : (
        <Button look="quiet" size="small" aria-label={t('endOf', { device })} onClick={onEnd}>
          {t('end')}
        </Button>
      )}
    </li>
  )
}

function useDeviceName({ userAgent, support }: Session): string {
  const t = useText('account')
  const { browser, system } = deviceOf(userAgent)
  if (support) return t('supportSession')
  if (browser && system) return t('onSystem', { browser, system })
  return browser ?? system ?? t('unknownDevice')
}
