import type { Calls } from '@meydan/sdk'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { client } from '../../client.ts'
import { seatColour } from '../../colours.ts'
import { gameOf } from '../../games.ts'
import { useText } from '../../i18n/i18n.ts'
import { often } from '../../often.ts'
import { usePlayerId } from '../../session.ts'
import { buttonLook } from '../../ui/button.tsx'
import { usePageTitle } from '../../ui/page-title.ts'
import { SkeletonLines } from '../../ui/skeleton.tsx'
import { Empty, ErrorState } from '../../ui/states.tsx'
import { ComeIn } from './come-in.tsx'

/** A match lasts three minutes: this often the list is read again. */
const READ_EVERY_MS = 5_000

type LiveRoom = Awaited<ReturnType<Calls['rooms']['live']>>['rooms'][number]

const liveRooms = () =>
  queryOptions({
    queryKey: ['rooms', 'live'],
    queryFn: () => client.call.rooms.live({}),
    refetchInterval: READ_EVERY_MS,
  })

/** What is being played now, to watch. */
export function Live() {
  const t = useText('match')
  const playerId = usePlayerId()
  usePageTitle(t('liveTitle'))
  return (
    <div className="mx-auto w-full max-w-2xl">
      <h1 className="text-3xl font-bold tracking-tight">{t('liveTitle')}</h1>
      <p className="mt-1 mb-6 text-soft">{t('liveLead')}</p>
      {playerId === null ? <ComeIn /> : <Rooms />}
    </div>
  )
}

function Rooms() {
  const t = useText('match')
  const { data, isPending, refetch } = useQuery(liveRooms())
  const nowMs = useServerNow()
  if (isPending) return <SkeletonLines count={3} className="h-28" />
  // What was read before is better than nothing.
  if (!data) return <ErrorState title={t('liveFailed')} onAgain={() => void refetch()} />
  if (data.rooms.length === 0) {
    return (
      <Empty title={t('liveNone')} text={t('liveNoneHint')}>
        <Link to="/" className={buttonLook('primary')}>
          {t('livePlay')}
        </Link>
      </Empty>
    )
  }
  return (
    <ul data-testid="live" className="flex flex-col gap-3">
      {data.rooms.map((room) => (
        <LiveMatch key={room.roomId} room={room} nowMs={nowMs} />
      ))}
    </ul>
  )
}

function LiveMatch({ room, nowMs }: { room: LiveRoom; nowMs: number }) {
  const t = useText('match')
  const people = room.seats.filter(({ bot }) => !bot)
  const bots = room.seats.length - people.length
  const names = people.map(({ name }) => name)
  return (
    <li
      data-testid="live-match"
      className="flex flex-wrap items-center gap-x-4 gap-y-3 rounded-2xl border border-line bg-card p-4 sm:flex-nowrap sm:p-5"
    >
      <div className="min-w-0 flex-1 basis-60">
        <p className="flex flex-wrap items-baseline gap-x-2 text-sm text-soft">
          <span className="font-semibold text-ink">{gameOf(room.game)?.title ?? room.game}</span>
          <span className="tabular-nums">{t('liveRunning', { time: clock(nowMs - Date.parse(room.startedAt)) })}</span>
          {room.watching > 0 && <span className="tabular-nums">· {t('watchers', { count: room.watching })}</span>}
        </p>
        <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1">
          {people.map(({ index, name }) => (
            <li key={index} className="flex max-w-full min-w-0 items-center gap-2 font-semibold">
              <span
                aria-hidden="true"
                className="size-2.5 shrink-0 rounded-full border border-edge"
                style={{ background: seatColour(index) }}
              />
              <span className="truncate">{name}</span>
            </li>
          ))}
          {bots > 0 && <li className="text-soft">{t('liveMore', { count: bots })}</li>}
        </ul>
      </div>
      <Link
        to="/watch/$roomId"
        params={{ roomId: room.roomId }}
        aria-label={t('liveWatchOf', { names: names.join(', ') })}
        data-testid={`watch-${room.roomId}`}
        className={`${buttonLook('quiet', 'small')} w-full sm:w-auto`}
      >
        {t('liveWatch')}
      </Link>
    </li>
  )
}

function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

const TELL_EVERY_MS = 1_000

function useServerNow(): number {
  const [nowMs, setNowMs] = useState(() => client.serverNowMs())
  useEffect(() => often(TELL_EVERY_MS, () => setNowMs(client.serverNowMs())), [])
  return nowMs
}
