import { HEALTH_MAX } from '@meydan/games/arena'
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { seatColour } from '../colours.ts'
import { useText } from '../i18n/i18n.ts'
import { useEscape } from '../ui/escape.ts'
import { HAS_THUMBS } from '../ui/pointer.ts'
import { LinkMark } from './link.tsx'
import { Mute } from './mute.tsx'
import type { Gear } from './play.ts'
import type { Scene, SceneLine } from './scene.ts'
import { WeaponBar } from './weapon-bar.tsx'

interface HudProps {
  readonly scene: Scene | null
  readonly gear: Gear
  readonly onLeave: () => void
}

/** Scores, time, health, weapons, connection and the way out: above the field, never over it. */
export function Hud({ scene, gear, onLeave }: HudProps) {
  return (
    <HudBar
      scene={scene}
      leave={<Leave onLeave={onLeave} />}
      score={(line) => <Score key={line.seat} line={line} />}
      below={scene && <Health health={scene.health} isDead={scene.isDead} />}
    >
      {scene && !HAS_THUMBS && <WeaponBar arms={scene.arms} onChoose={(fire) => gear.choice.choose(fire)} />}
      <LinkMark of={gear} tick={scene?.tick ?? 0} />
      <Mute sounds={gear.sounds} />
    </HudBar>
  )
}

interface HudBarProps {
  readonly scene: Pick<Scene, 'lines' | 'phase' | 'leftS'> | null
  readonly leave: ReactNode
  readonly score: (line: SceneLine) => ReactNode
  /** Under the clock. */
  readonly below?: ReactNode
  /** At the far end. */
  readonly children: ReactNode
}

/** How the bar is laid out, for players and watchers both. On a phone the scores have a line of their own. */
export function HudBar({ scene, leave, score, below, children }: HudBarProps) {
  const t = useText('match')
  return (
    <header className="relative z-10 grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-2 px-3 py-2 text-sm sm:px-5 lg:grid-cols-[auto_minmax(0,1fr)_auto_minmax(0,1fr)]">
      <div className="justify-self-start">{leave}</div>
      <ol
        data-testid="hud-score"
        aria-label={t('scores')}
        className="order-last col-span-3 flex min-h-11 gap-1.5 lg:order-none lg:col-span-1"
      >
        {scene?.lines.map(score)}
      </ol>
      <div className="flex flex-col items-center gap-0.5">
        <p data-testid="hud-time" className="text-center text-2xl leading-7 font-bold tabular-nums">
          {scene && timeOf(scene, t)}
        </p>
        {below}
      </div>
      <div className="flex items-center justify-end gap-2">{children}</div>
    </header>
  )
}

function Score({ line: { seat, name, score, isMine } }: { line: SceneLine }) {
  return (
    <li
      className={`min-w-0 flex-1 rounded-lg px-2 py-1 leading-tight lg:max-w-28 ${isMine ? 'bg-white/15 ring-1 ring-white/70' : 'bg-black/35'}`}
    >
      <ScoreText seat={seat} name={name} score={score} isStrong={isMine} />
    </li>
  )
}

/** A name over a score, with the colour of its avatar. */
export function ScoreText({
  seat,
  name,
  score,
  isStrong,
}: Omit<SceneLine, 'isMine' | 'playerId'> & { isStrong: boolean }) {
  return (
    <>
      <span className={`block truncate text-xs ${isStrong ? 'font-bold' : ''}`}>{name}</span>
      <span className="flex items-center gap-1.5 font-bold tabular-nums">
        <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ background: seatColour(seat) }} />
        {score}
      </span>
    </>
  )
}

type MatchText = ReturnType<typeof useText<'match'>>

function timeOf({ phase, leftS }: Pick<Scene, 'phase' | 'leftS'>, t: MatchText): string {
  if (phase === 'warmup') return t('getReady')
  if (phase === 'over') return t('over')
  const seconds = Math.ceil(leftS)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

const HEALTH_LOW = 40

/** The player's own health: a number for the eye that looks, a bar for the one that does not. */
function Health({ health, isDead }: { health: number; isDead: boolean }) {
  const t = useText('match')
  const colour = health > HEALTH_LOW ? 'bg-green-300' : 'bg-red-400'
  return (
    <p data-testid="hud-health" className="relative w-24">
      <span className="sr-only">{t('health')} </span>
      <span aria-hidden="true" className="block h-2 overflow-hidden rounded-full bg-black/50">
        <span
          className={`block h-full rounded-full motion-safe:transition-[width] ${colour}`}
          style={{ width: `${isDead ? 0 : (health / HEALTH_MAX) * 100}%` }}
        />
      </span>
      <span className="absolute top-1/2 left-full ml-2 -translate-y-1/2 text-xs font-bold tabular-nums">
        {isDead ? 0 : health}
      </span>
    </p>
  )
}

const CHANGE_OF_MIND_MS = 3_000

/** Leaving gives the seat up for good, so it is asked twice. */
function Leave({ onLeave }: { onLeave: () => void }) {
  const t = useText('match')
  const [isAsking, setIsAsking] = useState(false)
  useEffect(() => {
    if (!isAsking) return
    const timer = setTimeout(() => setIsAsking(false), CHANGE_OF_MIND_MS)
    return () => clearTimeout(timer)
  }, [isAsking])
  const press = useCallback(() => (isAsking ? onLeave() : setIsAsking(true)), [isAsking, onLeave])
  useEscape(press)
  return (
    <button
      type="button"
      data-testid="leave"
      aria-keyshortcuts="Escape"
      onClick={press}
      className={`min-h-11 min-w-20 cursor-pointer rounded-lg px-3 font-semibold ${isAsking ? 'bg-white text-black' : 'bg-black/35 text-white hover:bg-black/60'}`}
    >
      {isAsking ? t('leaveSurely') : t('leave')}
    </button>
  )
}
