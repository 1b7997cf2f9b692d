import { useCallback, useEffect, useState } from 'react'
import { client } from '../client.ts'
import { seatColour } from '../colours.ts'
import { often } from '../often.ts'
import { useEscape } from '../ui/escape.ts'
import { HAS_THUMBS } from '../ui/pointer.ts'
import { Mute } from './mute.tsx'
import type { Gear } from './play.ts'
import type { Scene, SceneLine } from './scene.ts'
import { WeaponBar } from './weapon-bar.tsx'

interface HudProps {
  readonly scene: Scene | null
  readonly gear: Gear
  readonly onLeave: () => void
}

/** Scores, time, weapons, connection and the way out: above the field, never over it. */
export function Hud({ scene, gear, onLeave }: HudProps) {
  return (
    <header className="grid grid-cols-[1fr_auto_1fr] items-center gap-x-3 gap-y-2 px-3 py-2 text-sm sm:px-5">
      <ol
        data-testid="hud-score"
        aria-label="Scores"
        className="order-last col-span-3 flex min-h-11 gap-1.5 lg:order-none lg:col-span-1"
      >
        {scene?.lines.map((line) => (
          <Score key={line.seat} line={line} />
        ))}
      </ol>
      <p data-testid="hud-time" className="col-start-2 text-center text-2xl font-bold tabular-nums">
        {scene && timeOf(scene)}
      </p>
      <div className="col-start-3 flex items-center justify-end gap-2">
        {scene && !HAS_THUMBS && <WeaponBar arms={scene.arms} onChoose={(fire) => gear.choice.choose(fire)} />}
        <Ping />
        <Mute sounds={gear.sounds} />
        <Leave onLeave={onLeave} />
      </div>
    </header>
  )
}

function Score({ line: { seat, name, score, isMine } }: { line: SceneLine }) {
  return (
    <li
      className={`min-w-0 flex-1 rounded-lg px-2 py-1 leading-tight lg:max-w-28 ${isMine ? 'bg-white/15 ring-1 ring-white/70' : 'bg-black/35'}`}
    >
      <span className={`block truncate text-xs ${isMine ? 'font-bold' : ''}`}>{isMine ? 'You' : name}</span>
      <span className="flex items-center gap-1.5 font-bold tabular-nums">
        <span aria-hidden="true" className="size-2 shrink-0 rounded-full" style={{ background: seatColour(seat) }} />
        {score}
      </span>
    </li>
  )
}

function timeOf({ phase, leftS }: Scene): string {
  if (phase === 'warmup') return 'Get ready'
  const seconds = Math.ceil(leftS)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

const PING_EVERY_MS = 1_000

function Ping() {
  const [{ rttMs, isOpen }, setPing] = useState({ rttMs: 0, isOpen: true })
  useEffect(() => {
    const look = (): void => setPing({ rttMs: Math.round(client.rttMs), isOpen: client.state === 'open' })
    look()
    return often(PING_EVERY_MS, look)
  }, [])
  return (
    <p data-testid="hud-ping" className="text-right text-xs whitespace-nowrap text-white/85 tabular-nums">
      {isOpen ? `${rttMs} ms` : 'offline'}
    </p>
  )
}

const CHANGE_OF_MIND_MS = 3_000

/** Leaving gives the seat up for good, so it is asked twice. */
function Leave({ onLeave }: { onLeave: () => void }) {
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
      {isAsking ? 'Really?' : 'Leave'}
    </button>
  )
}
