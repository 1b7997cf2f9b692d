import type { Streak as StreakOf } from '@meydan/contracts/rewards'
import { useMutation } from '@tanstack/react-query'
import { client } from '../client.ts'
import { inWords } from '../community/when.tsx'
import { useLanguage, useText } from '../i18n/i18n.ts'
import { queries, queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useNow } from '../ui/now.ts'
import { RewardList } from './reward-list.tsx'
import { type Day, streakRow } from './streak-row.ts'

const LOOK_EVERY_MS = 30_000

/** The reward of the day, and the days in a row. */
export function Streak({ streak }: { streak: StreakOf }) {
  const t = useText('rewards')
  const language = useLanguage()
  const nowMs = useNow(LOOK_EVERY_MS)
  const { claim, error } = useClaimDaily()
  const leftMs = Date.parse(streak.nextAt) - nowMs
  const isOpen = !streak.claimedToday || leftMs <= 0
  return (
    <section
      aria-labelledby="streak-title"
      data-testid="streak"
      data-days={streak.days}
      className="rounded-2xl border border-line bg-card p-4 sm:p-6"
    >
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="streak-title" className="text-lg font-semibold">
          {t('streak')}
        </h2>
        <p className="text-sm text-soft">{t('days', { count: streak.days })}</p>
      </div>
      <ol className="mt-4 grid grid-cols-7 gap-1.5 sm:gap-2">
        {streakRow(streak).map((day) => (
          <DayTile key={day.day} {...day} />
        ))}
      </ol>
      <div className="mt-5 flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="min-w-0">
          <h3 className="mb-2 text-sm text-soft">{t(isOpen ? 'today' : 'tomorrow')}</h3>
          <RewardList rewards={streak.rewards} />
        </div>
        {isOpen ? (
          <Button data-testid="claim-daily" className="w-full sm:w-auto" onClick={claim}>
            {t('claim')}
          </Button>
        ) : (
          <p data-testid="claimed-today" className="flex min-h-12 items-center gap-2 text-sm text-soft">
            <Icon name="clock" />
            {t('next', { when: inWords(leftMs, language) })}
          </p>
        )}
      </div>
      <p role="alert" className="text-sm text-warn not-empty:mt-3">
        {error ? sentenceOf(error) : ''}
      </p>
    </section>
  )
}

const LOOKS: Readonly<Record<Day['state'], string>> = {
  claimed: 'border-accent bg-accent text-on-accent',
  open: 'border-accent text-accent ring-2 ring-accent',
  ahead: 'border-line text-soft',
}

function DayTile({ day, state }: Day) {
  const t = useText('rewards')
  return (
    <li
      data-state={state}
      aria-current={state === 'open' ? 'date' : undefined}
      className={`flex aspect-[4/5] flex-col items-center justify-center gap-1 rounded-xl border text-sm font-semibold tabular-nums sm:aspect-square ${LOOKS[state]}`}
    >
      <span className="sr-only">{t('day', { day })}</span>
      <span aria-hidden="true">{day}</span>
      <Icon name={state === 'claimed' ? 'check' : 'gift'} className="size-4 sm:size-5" />
      <span className="sr-only">{t(`day-${state}`)}</span>
    </li>
  )
}

const CLAIM = ['claimDaily']

/** A second press does nothing. */
function useClaimDaily() {
  const { queryKey } = queries.belongings()
  const claiming = useMutation({
    mutationKey: CLAIM,
    mutationFn: () => client.call.rewards.claimDaily({}),
    onSuccess: ({ streak }) => queryClient.setQueryData(queryKey, (known) => known && { ...known, streak }),
    onSettled: () => readAnew(queryClient, queryKey),
  })
  const claim = (): void => {
    if (queryClient.isMutating({ mutationKey: CLAIM }) === 0) claiming.mutate()
  }
  return { claim, error: claiming.error }
}
