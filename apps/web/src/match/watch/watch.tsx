import { arena } from '@meydan/games/arena'
import type { Room, Watching } from '@meydan/sdk'
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import { client } from '../../client.ts'
import { i18n, useText } from '../../i18n/i18n.ts'
import { often } from '../../often.ts'
import { patiently } from '../../patience.ts'
import { Roster } from '../../roster.ts'
import type { MatchResult } from '../../stage.ts'
import { useEscape } from '../../ui/escape.ts'
import { HAS_THUMBS } from '../../ui/pointer.ts'
import { Away } from '../away.tsx'
import { HudBar, ScoreText } from '../hud.tsx'
import { Kills } from '../kills.ts'
import { LinkMark } from '../link.tsx'
import { Mute } from '../mute.tsx'
import { KillFeed } from '../notice.tsx'
import { type FieldScene, fieldSceneOf, type SceneLine } from '../scene.ts'
import { Sounds } from '../sound.ts'
import { leaveQuietly } from './leave-quietly.ts'
import { spectateRoom, type Watcher } from './spectate.ts'

const SCENE_EVERY_MS = 150

interface WatchedScene extends FieldScene {
  readonly watching: number
}

interface WatchProps {
  readonly roomId: string
  readonly onLeave: () => void
  readonly onOver: (result: MatchResult) => void
  /** There is nothing to watch any more; `reason` is a fault's code when the server refused. */
  readonly onGone: (error: unknown) => void
}

/** A match of the arena as somebody sees it who does not play in it. */
export default function Watch({ roomId, onLeave, onOver, onGone }: WatchProps) {
  const t = useText('match')
  const field = useRef<HTMLDivElement>(null)
  const [scene, setScene] = useState<WatchedScene | null>(null)
  const [watcher] = useState<Watcher>(() => ({ followed: null, sounds: new Sounds(), play: undefined }))
  const [followed, setFollowed] = useState<number | null>(null)
  const follow = useCallback(
    (seat: number | null) => {
      watcher.followed = seat
      setFollowed(seat)
    },
    [watcher],
  )
  useFollowKeys(scene?.lines ?? [], follow)

  useEffect(() => {
    const element = field.current
    if (!element) return
    const ends: (() => void)[] = [watcher.sounds.listen()]
    let isGone = false
    const begin = async (): Promise<void> => {
      // A page that is gone again by then need not be watched in.
      await Promise.resolve()
      if (isGone) return
      const room = await patiently(() => client.watchRoom(roomId, arena))
      ends.push(() => void leaveQuietly(room))
      if (!isGone) ends.push(...(await openWatch(room, element, watcher, setScene, onOver, onGone)))
      if (isGone) for (const end of ends.splice(0)) end()
    }
    begin().catch((error: unknown) => {
      if (!isGone) onGone(error)
    })
    return () => {
      isGone = true
      for (const end of ends.splice(0)) end()
    }
  }, [roomId, watcher, onOver, onGone])

  const name = scene?.lines.find(({ seat }) => seat === followed)?.name
  return (
    <main className="fixed inset-0 flex flex-col bg-ground text-white">
      <h1 className="sr-only">{t('watchTitle')}</h1>
      <HudBar
        scene={scene}
        leave={
          <button
            type="button"
            data-testid="leave"
            onClick={onLeave}
            className="min-h-11 min-w-20 cursor-pointer rounded-lg bg-black/35 px-3 font-semibold hover:bg-black/60"
          >
            {t('leave')}
          </button>
        }
        score={(line) => (
          <FollowScore
            key={line.seat}
            line={line}
            isFollowed={line.seat === followed}
            onFollow={() => follow(line.seat === followed ? null : line.seat)}
          />
        )}
        below={<WatchBadge watching={scene?.watching ?? 0} />}
      >
        <LinkMark of={watcher} tick={scene?.tick ?? 0} />
        <Mute sounds={watcher.sounds} />
      </HudBar>
      <div className="relative min-h-0 flex-1">
        <div ref={field} data-testid="field" data-room={roomId} className="absolute inset-0" />
        <div className="pointer-events-none absolute inset-0 flex flex-col items-center p-4">
          {scene && <KillFeed news={scene.news} />}
          <div className="mt-auto">
            {scene && name === undefined && <FollowHint />}
            {name !== undefined && (
              <button
                type="button"
                data-testid="whole"
                aria-keyshortcuts="Escape"
                onClick={() => follow(null)}
                className="pointer-events-auto min-h-11 cursor-pointer rounded-full bg-black/75 px-5 text-sm font-semibold hover:bg-black"
              >
                {t('following', { name })} <span className="ml-2 font-normal text-white/85">{t('wholeField')}</span>
              </button>
            )}
          </div>
        </div>
        <Away hint={t('awayWatching')} />
      </div>
    </main>
  )
}

function WatchBadge({ watching }: { watching: number }) {
  const t = useText('match')
  return (
    <p
      data-testid="watching"
      className="flex items-center gap-1.5 rounded-full bg-white/15 px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap"
    >
      <svg
        viewBox="0 0 24 24"
        aria-hidden="true"
        className="size-3.5"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
      >
        <path d="M2 12s3.6-6 10-6 10 6 10 6-3.6 6-10 6S2 12 2 12z" />
        <circle cx="12" cy="12" r="3" fill="currentColor" />
      </svg>
      {t('watching')}
      {watching > 1 && (
        <>
          <span aria-hidden="true" className="font-normal tabular-nums">
            · {watching}
          </span>
          <span className="sr-only">{t('watchers', { count: watching })}</span>
        </>
      )}
    </p>
  )
}

interface FollowScoreProps {
  readonly line: SceneLine
  readonly isFollowed: boolean
  readonly onFollow: () => void
}

function FollowScore({ line, isFollowed, onFollow }: FollowScoreProps) {
  return (
    <li className="min-w-0 flex-1 lg:max-w-28">
      <button
        type="button"
        data-testid={`follow-${line.seat}`}
        aria-pressed={isFollowed}
        onClick={onFollow}
        className={`size-full min-h-11 cursor-pointer rounded-lg px-2 py-1 text-left leading-tight ${isFollowed ? 'bg-white/15 ring-1 ring-white/70' : 'bg-black/35 hover:bg-black/60'}`}
      >
        <ScoreText seat={line.seat} name={line.name} score={line.score} isStrong={isFollowed} />
      </button>
    </li>
  )
}

/** How long one is told how to follow somebody. */
const HINT_MS = 8_000

function FollowHint() {
  const t = useText('match')
  const [isShown, setIsShown] = useState(true)
  useEffect(() => {
    const timer = setTimeout(() => setIsShown(false), HINT_MS)
    return () => clearTimeout(timer)
  }, [])
  if (!isShown) return null
  return (
    <p className="rounded-full bg-black/75 px-4 py-2 text-center text-sm text-balance">
      {t(HAS_THUMBS ? 'howToFollowTouch' : 'howToFollowKeys')}
    </p>
  )
}

/** The digits stand for the scoreboard's lines; Escape shows the whole field. */
function useFollowKeys(lines: readonly SceneLine[], follow: (seat: number | null) => void): void {
  const press = useEffectEvent(({ key, repeat, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
    const line = lines[Number(key) - 1]
    if (line && !repeat && !ctrlKey && !metaKey && !altKey) follow(line.seat)
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => press(event)
    window.addEventListener('keydown', hear)
    return () => window.removeEventListener('keydown', hear)
  }, [])
  useEscape(useCallback(() => follow(null), [follow]))
}

type WatchedRoom = Room<typeof arena.inputLayout, typeof arena.viewLayout, Watching>

async function openWatch(
  room: WatchedRoom,
  element: HTMLElement,
  watcher: Watcher,
  show: (scene: WatchedScene) => void,
  onOver: WatchProps['onOver'],
  onGone: WatchProps['onGone'],
): Promise<(() => void)[]> {
  const roster = new Roster(room.joined)
  const watching = await spectateRoom(room, element, roster, watcher)
  const kills = new Kills()
  const stopHearing = room.onEvent((event) => kills.hear(event, performance.now()))
  const scene = (): WatchedScene => ({
    ...fieldSceneOf(room, roster, kills.all, performance.now()),
    watching: roster.watching,
  })
  const result = (): MatchResult => ({ roomId: room.joined.roomId, lines: scene().lines })
  const stopShowing = often(SCENE_EVERY_MS, () => show(scene()))
  const stopClosing = room.onClosed((reason) => {
    if (reason === 'ended') onOver(result())
    else if (reason !== 'left') onGone(new Error(i18n.t(reason === 'replaced' ? 'match:elsewhere' : 'match:lost')))
  })
  show(scene())
  return [stopShowing, watching.stop, stopHearing, stopClosing, () => roster.stop()]
}
