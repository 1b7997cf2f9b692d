import type { Game, Layout, ViewLayout } from '@meydan/contracts/core'
import type { Room } from '@meydan/sdk'
import { useEffect, useState } from 'react'
import { client } from '../client.ts'
import { often } from '../often.ts'
import { Roster } from '../roster.ts'
import type { MatchResult } from '../stage.ts'
import { Board } from './board.tsx'
import { Choices } from './choices.tsx'
import { axesOf, inputOf, isAxisKey } from './inputs.ts'
import { Place } from './place.tsx'
import { Tables } from './tables.tsx'

interface AnyGameProps {
  readonly roomId: string
  readonly game: Game
  readonly onOver: (result: MatchResult) => void
  readonly onGone: (problem: string | null) => void
}

interface Playing {
  readonly room: Room<Layout, ViewLayout>
  readonly roster: Roster
}

const SHOW_EVERY_MS = 50
const NEWS_MAX = 5

/** Plays a game by its layouts alone: enough to try one out before it has a page of its own. */
export default function AnyGame({ roomId, game, onOver, onGone }: AnyGameProps) {
  const playing = useRoom({ roomId, game, onOver, onGone })
  const news = useNews(playing)
  useShownOften(playing !== null)
  useAxes(playing, game.inputLayout)

  const send = (given: Readonly<Record<string, number>>): void => {
    playing?.room.send(inputOf(game.inputLayout, given))
  }
  const leave = async (): Promise<void> => {
    try {
      await client.call.rooms.leave({ roomId })
      onGone(null)
    } catch (error) {
      console.info('the seat could not be given up', error)
      onGone('The game goes on without you.')
    }
  }

  return (
    <main className="mx-auto flex min-h-dvh max-w-4xl flex-col gap-5 px-5 py-5">
      <header className="flex items-center justify-between gap-4">
        <h1 className="text-xl font-bold">{game.title}</h1>
        <button
          type="button"
          data-testid="leave"
          onClick={leave}
          className="min-h-11 cursor-pointer rounded-lg border border-edge px-4 text-sm font-semibold"
        >
          Leave
        </button>
      </header>
      {playing && (
        <div data-testid="any-game" data-room={roomId} className="flex flex-col gap-5">
          <Seats {...playing} />
          <Place game={game} room={playing.room} roster={playing.roster} onPlace={send} />
          <Board game={game} room={playing.room} roster={playing.roster} onCell={(cell) => send({ cell })} />
          <Choices layout={game.inputLayout} onChoice={send} />
          <Tables game={game} room={playing.room} roster={playing.roster} />
          <ol aria-label="What happened" aria-live="polite" className="text-sm text-soft">
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
  return (
    <ul aria-label="Players" className="flex flex-wrap gap-2 text-sm">
      {room.joined.seats.map(({ index }) => (
        <li key={index} className="rounded-lg border border-line bg-card px-3 py-1.5">
          <span className="text-soft">{index}</span> {roster.nameOf(index)}
          {index === room.joined.seat && ' (you)'}
        </li>
      ))}
    </ul>
  )
}

function useRoom({ roomId, game, onOver, onGone }: AnyGameProps): Playing | null {
  const [playing, setPlaying] = useState<Playing | null>(null)
  useEffect(() => {
    const ends: (() => void)[] = []
    let isGone = false
    const begin = async (): Promise<void> => {
      const room = await client.joinRoom(roomId, game)
      if (isGone) return
      const roster = new Roster(room.joined)
      ends.push(() => roster.stop())
      ends.push(
        room.onClosed((reason) => {
          if (reason === 'ended') onOver({ roomId, lines: [] })
          else if (reason !== 'left') onGone('The game was lost, or went on in another window.')
        }),
      )
      setPlaying({ room, roster })
    }
    begin().catch((error: unknown) => {
      console.warn('the room could not be joined', error)
      if (!isGone) onGone('The game could not be joined; it may be over.')
    })
    return () => {
      isGone = true
      for (const end of ends) end()
    }
  }, [roomId, game, onOver, onGone])
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
