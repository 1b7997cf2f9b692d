import { DisplayName } from '@meydan/contracts/core'
import { AVATARS, type Profile as ProfileOf } from '@meydan/contracts/players'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../client.ts'
import { allGames } from '../games.ts'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries, queryClient } from '../queries.ts'
import { sentenceOf } from '../sentence.ts'
import { Avatar } from '../ui/avatar.tsx'
import { Card } from '../ui/card.tsx'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { ErrorState } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'

/** What others see of the player. */
export function Profile() {
  const t = useText('account')
  usePageTitle(t('profile'))
  const me = useQuery(queries.me())
  const { day } = useFormats()
  if (me.isError) return <ErrorState title={sentenceOf(me.error)} onAgain={() => void me.refetch()} />
  if (!me.data) return <SkeletonLines count={6} className="h-14" />
  return (
    <>
      <div className="flex items-center gap-5">
        <Avatar name={me.data.avatar} className="size-20 sm:size-24" />
        <div className="min-w-0">
          <h1 data-testid="own-name" className="truncate text-2xl font-bold tracking-tight sm:text-3xl">
            {me.data.displayName}
          </h1>
          <p className="mt-1 text-sm text-soft">{t('since', { day: day(me.data.createdAt) })}</p>
        </div>
      </div>
      <Looks me={me.data} />
      <Ratings />
    </>
  )
}

function useUpdate() {
  const t = useText('account')
  const toast = useToast()
  return useMutation({
    mutationFn: client.call.players.update,
    onSuccess: (profile) => {
      queryClient.setQueryData(queries.me().queryKey, profile)
      toast(t('saved'))
    },
  })
}

function Looks({ me }: { me: ProfileOf }) {
  const t = useText('account')
  const tEntry = useText('entry')
  const [name, setName] = useState(me.displayName)
  const [isWrong, setIsWrong] = useState(false)
  const update = useUpdate()
  const submit = (): void => {
    const typed = DisplayName.safeParse(name)
    setIsWrong(!typed.success)
    if (typed.success) update.mutate({ displayName: typed.data })
  }
  return (
    <Card title={t('profile')}>
      <Form
        testId="profile"
        onSubmit={submit}
        isWide={false}
        submit={t('save')}
        isBusy={update.isPending}
        problem={update.error ? sentenceOf(update.error) : undefined}
      >
        <Field
          label={t('displayName')}
          error={isWrong ? tEntry('errorDisplayName') : undefined}
          value={name}
          onValue={setName}
          data-testid="display-name"
          autoComplete="nickname"
        />
      </Form>
      <div className="flex flex-col gap-2">
        <span className="text-sm text-soft">{t('avatar')}</span>
        <Choice
          look="tiles"
          label={t('avatar')}
          value={AVATARS.find((avatar) => avatar === (update.variables?.avatar ?? me.avatar))}
          choices={AVATARS.map((value) => ({
            value,
            label: t(value),
            text: <Avatar name={value} className="size-full" />,
          }))}
          onChoose={(avatar) => update.mutate({ avatar })}
        />
      </div>
    </Card>
  )
}

function Ratings() {
  const t = useText('account')
  return (
    <Card title={t('ratings')} text={t('ratingsText')}>
      <dl className="divide-y divide-line">
        {allGames.map(({ name, title }) => (
          <Rating key={name} game={name} title={title} />
        ))}
      </dl>
    </Card>
  )
}

function Rating({ game, title }: { game: string; title: string }) {
  const t = useText('account')
  const { number } = useFormats()
  const { data, error } = useQuery(queries.rating(game))
  return (
    <div className="flex min-h-14 items-center justify-between gap-4">
      <dt>{title}</dt>
      <dd className="text-right tabular-nums">
        {error && <span className="text-sm text-warn">{sentenceOf(error)}</span>}
        {data && data.matches > 0 && (
          <span className="block text-xl font-semibold">{number(Math.round(data.rating))}</span>
        )}
        {data && (
          <span className="block text-sm text-soft">
            {data.matches > 0 ? t('matches', { count: data.matches }) : t('unrated')}
          </span>
        )}
      </dd>
    </div>
  )
}
