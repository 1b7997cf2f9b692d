import type { PlayLimits } from '@meydan/contracts/crash'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { z } from 'zod'
import { client } from '../client.ts'
import { Column } from '../community/column.tsx'
import { SkeletonCards, Unread } from '../community/reading.tsx'
import { SignInFirst } from '../entry/sign-in-first.tsx'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries, queryClient } from '../queries.ts'
import { sentenceOf } from '../sentence.ts'
import { usePlayerId } from '../session.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Choice } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { useToast } from '../ui/toast.tsx'
import { hundredthsOf, typedOf } from './money.ts'

type Limits = z.infer<typeof PlayLimits>
const DECIMALS = 2
const BREAKS = ['1', '7', '30', '365'] as const

/** `/app/crash/limits`: what the player has set for themselves. */
export function LimitsPage() {
  const t = useText('limits')
  const isKnown = usePlayerId() !== null
  const { data, error, refetch } = useQuery({ ...queries.crashLimits(), enabled: isKnown })
  if (!isKnown) return <SignInFirst />
  return (
    <Column title={t('title')} lead={t('lead')}>
      <div className="mt-6 flex flex-col gap-5">
        {data && <Shown limits={data} />}
        {!data && (error ? <Unread error={error} onAgain={() => void refetch()} /> : <SkeletonCards count={3} />)}
      </div>
    </Column>
  )
}

function Shown({ limits }: { limits: Limits }) {
  const t = useText('limits')
  const { moment } = useFormats()
  const isResting = limits.coolOffUntil !== null && Date.parse(limits.coolOffUntil) > client.serverNowMs()
  return (
    <>
      {isResting && (
        <p data-testid="resting" className="rounded-xl border border-accent px-4 py-3 font-semibold text-accent">
          {t('resting', { until: moment(limits.coolOffUntil ?? '') })}
        </p>
      )}
      <Card title={t('today')} text={t('todayText')}>
        <dl className="flex flex-col gap-5">
          <Used testId="staked" term={t('staked')} used={limits.stakedToday} limit={limits.stakePerDay} />
          <Used testId="lost" term={t('lost')} used={limits.lostToday} limit={limits.lossPerDay} />
        </dl>
      </Card>
      <Card title={t('set')} text={t('setText')}>
        <Coming next={limits.next} />
        <SetLimits limits={limits} />
      </Card>
      <Card title={t('break')} text={t('breakText')}>
        <Break limits={limits} />
      </Card>
    </>
  )
}

interface UsedProps {
  readonly testId: string
  readonly term: string
  readonly used: number
  readonly limit: number | null
}

function Used({ testId, term, used, limit }: UsedProps) {
  const t = useText('limits')
  const { money } = useFormats()
  const share = limit === null ? 0 : Math.min(1, used / limit)
  return (
    <div>
      <dt className="text-sm text-soft">{term}</dt>
      <dd data-testid={testId} data-used={used} className="mt-0.5 font-semibold tabular-nums">
        {limit === null
          ? t('noLimit', { used: money(used, DECIMALS) })
          : t('ofLimit', { used: money(used, DECIMALS), limit: money(limit, DECIMALS) })}
      </dd>
      {limit !== null && (
        <dd aria-hidden="true" className="mt-2 h-2 overflow-hidden rounded-full bg-line">
          <span
            className={`block h-full w-full origin-left rounded-full ${share < 1 ? 'bg-accent' : 'bg-warn'}`}
            style={{ transform: `scaleX(${share})` }}
          />
        </dd>
      )}
    </div>
  )
}

/** Looser limits that are on their way. */
function Coming({ next }: { next: Limits['next'] }): ReactNode {
  const t = useText('limits')
  const { money, moment } = useFormats()
  if (!next) return null
  const amountOf = (limit: number | null): string => (limit === null ? t('none') : money(limit, DECIMALS))
  return (
    <p data-testid="coming" className="rounded-xl border border-line px-4 py-3 text-sm text-pretty">
      {t('coming', {
        from: moment(next.from),
        stake: amountOf(next.stakePerDay),
        loss: amountOf(next.lossPerDay),
      })}
    </p>
  )
}

const typedLimit = (limit: number | null): string => (limit === null ? '' : typedOf(limit))
/** Empty is no limit; undefined: it is no amount. */
const limitOf = (typed: string): number | null | undefined =>
  typed.trim() === '' ? null : hundredthsOf(typed) || undefined

function SetLimits({ limits }: { limits: Limits }) {
  const t = useText('limits')
  const toast = useToast()
  const [stake, setStake] = useState(typedLimit(limits.stakePerDay))
  const [loss, setLoss] = useState(typedLimit(limits.lossPerDay))
  const [hasSent, setHasSent] = useState(false)
  const set = useSetLimits(() => toast(t('saved')))
  const [stakePerDay, lossPerDay] = [limitOf(stake), limitOf(loss)]
  const wrong = (limit: number | null | undefined): string | undefined =>
    hasSent && limit === undefined ? t('noAmount') : undefined
  const submit = (): void => {
    setHasSent(true)
    if (stakePerDay === undefined || lossPerDay === undefined) return
    set.mutate({ stakePerDay, lossPerDay })
  }
  return (
    <Form
      testId="set-limits"
      onSubmit={submit}
      submit={t('save')}
      isBusy={set.isPending}
      isWide={false}
      problem={set.error ? sentenceOf(set.error) : undefined}
    >
      <Field
        label={t('stakePerDay')}
        hint={t('emptyHint')}
        value={stake}
        onValue={setStake}
        error={wrong(stakePerDay)}
        inputMode="decimal"
        autoComplete="off"
        data-testid="stake-per-day"
      />
      <Field
        label={t('lossPerDay')}
        hint={t('emptyHint')}
        value={loss}
        onValue={setLoss}
        error={wrong(lossPerDay)}
        inputMode="decimal"
        autoComplete="off"
        data-testid="loss-per-day"
      />
    </Form>
  )
}

/** It cannot be taken back, so it is asked twice. */
function Break({ limits }: { limits: Limits }) {
  const t = useText('limits')
  const { number } = useFormats()
  const [days, setDays] = useState<(typeof BREAKS)[number]>('1')
  const [isAsking, setIsAsking] = useState(false)
  const set = useSetLimits(() => setIsAsking(false))
  // What is on its way to be looser stays so.
  const kept = limits.next ?? limits
  const daysText = t('days', { count: Number(days), number: number(Number(days)) })
  return (
    <>
      <Choice
        label={t('break')}
        value={days}
        choices={BREAKS.map((value) => ({
          value,
          text: t('days', { count: Number(value), number: number(Number(value)) }),
        }))}
        onChoose={setDays}
      />
      <Button look="danger" className="self-start" data-testid="break" onClick={() => setIsAsking(true)}>
        {t('takeBreak')}
      </Button>
      <Dialog title={t('breakSure', { days: daysText })} isOpen={isAsking} onClose={() => setIsAsking(false)}>
        <p className="text-pretty text-soft">{t('breakSureText')}</p>
        <div role="alert">{set.error && <p className="text-sm text-warn">{sentenceOf(set.error)}</p>}</div>
        <div className="flex flex-wrap gap-3">
          <Button
            look="danger"
            data-testid="break-sure"
            disabled={set.isPending}
            onClick={() =>
              set.mutate({
                stakePerDay: kept.stakePerDay,
                lossPerDay: kept.lossPerDay,
                coolOffDays: Number(days),
              })
            }
          >
            {t('takeBreak')}
          </Button>
          <Button look="quiet" onClick={() => setIsAsking(false)}>
            {t('noBreak')}
          </Button>
        </div>
      </Dialog>
    </>
  )
}

function useSetLimits(onSet: () => void) {
  return useMutation({
    mutationFn: (input: { stakePerDay: number | null; lossPerDay: number | null; coolOffDays?: number }) =>
      client.call.crash.setLimits(input),
    onSuccess: (limits) => {
      queryClient.setQueryData(queries.crashLimits().queryKey, limits)
      onSet()
    },
  })
}
