import type { Game, Layout, ViewLayout } from '@meydan/contracts/core'
import type { Entered, Room } from '@meydan/sdk'
import { useEffect, useState } from 'react'
import { client } from '../client.ts'
import { i18n, useText } from '../i18n/i18n.ts'
import { isRoomGone } from '../match/room-gone.ts'
import { leaveQuietly } from '../match/watch/leave-quietly.ts'
import { often } from '../often.ts'
import { patiently } from '../patience.ts'
import { Roster } from '../roster.ts'
import type { MatchResult } from '../stage.ts'
import { Board } from './board.tsx'
import { Choices } from './choices.tsx'
import { axesOf, inputOf, isAxisKey } from './inputs.ts'
import { Place } from './place.tsx'
import { Sign } from './sign.tsx'
import { Tables } from './tables.tsx'

interface AnyGameProps {
  readonly roomId: string
  readonly game: Game
  /** Without a seat: nothing that is pressed does anything. */
  readonly isWatching?: boolean
  readonly onOver: (result: MatchResult) => void
  readonly onGone: (problem: string | null) => void
}

export type AnyRoom = Room<Layout, ViewLayout, Entered>

interface Playing {
  readonly room: AnyRoom
  readonly roster: Roster
}

const SHOW_EVERY_MS = 50
const NEWS_MAX = 5

/** Plays a game by its layouts alone: enough to try one out before it has a page of its own. */
export default function AnyGame({ roomId, game, isWatching = false, onOver, onGone }: AnyGameProps) {
  const t = useText('match')
  const playing = useRoom({ roomId, game, isWatching, onOver, onGone })
  const news = useNews(playing)
  useShownOften(playing !== null)
  useAxes(playing, game.inputLayout)

  const send = (given: Readonly<Record<string, number>>): void => {
    playing?.room.send(inputOf(game.inputLayout, given))
  }
  const leave = async (): Promise<void> => {
    try {
      // Also a seat that has not been taken yet is given up.
      if (!isWatching) await client.call.rooms.leave({ roomId })
      onGone(null)
    } catch (error) {
      console.info('the seat could not be given up', error)
      onGone(isWatching ? null : t('anyGoesOn'))
    }
  }

  return (
    <main className="mx-auto flex min-h-dvh max-w-4xl flex-col gap-5 px-5 py-5">
      <header className="flex items-center justify-between gap-4">
        <h1 className="text-xl font-bold">
          {game.title}
          {isWatching && (
            <span data-testid="watching" className="ml-3 rounded-full bg-line px-2.5 py-1 align-middle text-xs">
              {t('watching')}
            </span>
          )}
        </h1>
        <button
          type="button"
          data-testid="leave"
          onClick={leave}
          className="min-h-11 cursor-pointer rounded-lg border border-edge px-4 text-sm font-semibold"
        >
          {t('leave')}
        </button>
      </header>
      {playing && (
        <div data-testid="any-game" data-room={roomId} className="flex flex-col gap-5">
          <Seats {...playing} />
          <Place game={game} room={playing.room} roster={playing.roster} onPlace={send} />
          <Board game={game} room={playing.room} roster={playing.roster} onCell={(cell) => send({ cell })} />
          {!isWatching && <Choices layout={game.inputLayout} onChoice={send} />}
          <Tables game={game} room={playing.room} roster={playing.roster} />
          <ol aria-label={t('anyHappened')} aria-live="polite" className="text-sm text-soft">
            {news.map(({ key, text }) => (
              <li key={key}>{text}</li>
            ))}
          </ol>
        </div>
      )}
    </main>
  )
}

function Seats({ room, roster }: Playing) {
  const t = useText('match')
  return (
    <ul aria-label={t('anyPlayers')} className="flex flex-wrap gap-2 text-sm">
      {room.joined.seats.map(({ index }) => (
        <li
          key={index}
          className="flex max-w-full items-center gap-2 rounded-lg border border-line bg-ground px-3 py-1.5 text-white"
        >
          <Sign seat={index} className="size-4 shrink-0" />
          <span className="truncate">{roster.nameOf(index)}</span>
          {index === room.joined.seat && <span className="text-white/80">{t('anyYou')}</span>}
        </li>
      ))}
    </ul>
  )
}

function useRoom({ roomId, game, isWatching = false, onOver, onGone }: AnyGameProps): Playing | null {
  const [playing, setPlaying] = useState<Playing | null>(null)
  useEffect(() => {
    const ends: (() => void)[] = []
    let isGone = false
    const begin = async (): Promise<void> => {
      const room: AnyRoom = await patiently<AnyRoom>(() =>
        isWatching ? client.watchRoom(roomId, game) : client.joinRoom(roomId, game),
      )
      if (isWatching) ends.push(() => void leaveQuietly(room))
      if (isGone) for (const end of ends.splice(0)) end()
      if (isGone) return
      const roster = new Roster(room.joined)
      ends.push(() => roster.stop())
      ends.push(
        room.onClosed((reason) => {
          if (reason === 'ended') onOver({ roomId, lines: [] })
          else if (reason !== 'left') onGone(i18n.t('match:anyLost'))
        }),
      )
      setPlaying({ room, roster })
    }
    begin().catch((error: unknown) => {
      if (isGone) return
      if (isRoomGone(error)) return onOver({ roomId, lines: [] })
      console.warn('the room could not be joined', error)
      onGone(i18n.t('match:anyNotJoined'))
    })
    return () => {
      isGone = true
      for (const end of ends) end()
    }
  }, [roomId, game, isWatching, onOver, onGone])
  return playing
}

interface NewsLine {
  readonly key: number
  readonly text: string
}

function useNews(playing: Playing | null): readonly NewsLine[] {
  const [news, setNews] = useState<readonly NewsLine[]>([])
  useEffect(
    () =>
      playing?.room.onEvent(({ type, ...more }) => {
        const details = Object.entries(more).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
        const text = [type.toLowerCase().replaceAll('_', ' '), ...details].join(', ')
        setNews((before) => [{ key: (before[0]?.key ?? 0) + 1, text }, ...before].slice(0, NEWS_MAX))
      }),
    [playing],
  )
  return news
}

/** Draws the room's newest view a few times a second, which is enough to try a game out. */
function useShownOften(isOn: boolean): void {
  const [, setCount] = useState(0)
  useEffect(() => {
    if (isOn) return often(SHOW_EVERY_MS, () => setCount((count) => count + 1))
  }, [isOn])
}

/** Says where the arrow keys push, for as long as one of them is held and once when all are let go. */
function useAxes(playing: Playing | null, layout: Layout): void {
  useEffect(() => {
    if (!playing || !('moveX' in layout || 'moveY' in layout)) return
    const held = new Set<string>()
    const stop = new AbortController()
    const { signal } = stop
    const say = (): void => void playing.room.send(inputOf(layout, axesOf(held, layout)))
    const down = (event: KeyboardEvent): void => {
      if (!isAxisKey(event.code) || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      if (held.has(event.code)) return
      held.add(event.code)
      say()
    }
    const letGo = (code?: string): void => {
      const before = held.size
      if (code === undefined) held.clear()
      else held.delete(code)
      if (held.size !== before) say()
    }
    window.addEventListener('keydown', down, { signal })
    window.addEventListener('keyup', ({ code }) => letGo(code), { signal })
    window.addEventListener('blur', () => letGo(), { signal })
    // A held key is said again, for games that forget silent players.
    const timer = setInterval(() => held.size > 0 && say(), SHOW_EVERY_MS)
    return () => {
      stop.abort()
      clearInterval(timer)
    }
  }, [playing, layout])
}
