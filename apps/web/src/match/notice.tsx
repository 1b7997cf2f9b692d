import { FIRE } from '@meydan/games/arena'
import { seatColour } from '../colours.ts'
import { HAS_THUMBS } from '../ui/pointer.ts'
import type { News, Scene } from './scene.ts'

/** What a player should read now: how to play, who hit whom, when it goes on. Over the field, and out of every touch's way. */
export function Notice({ scene }: { scene: Scene }) {
  return (
    <div className="pointer-events-none absolute inset-0 flex flex-col items-center p-4">
      <ul aria-live="off" className="flex min-h-16 flex-col items-center gap-1 text-sm">
        {scene.news.map((news) => (
          <Kill key={news.key} news={news} />
        ))}
      </ul>
      {scene.phase === 'warmup' && (
        <div className="mt-[8vh] rounded-2xl bg-black/70 px-6 py-4 text-center">
          <p className="text-5xl font-bold tabular-nums">{Math.ceil(scene.leftS)}</p>
          <p className="mt-2 text-sm text-balance text-white/90">
            {HAS_THUMBS
              ? 'Left thumb moves, right thumb aims and fires'
              : 'W A S D moves, the mouse or Q and E aim, click or space fires'}
          </p>
          <p className="mt-1 text-sm text-white/90">
            {HAS_THUMBS
              ? 'Bolts reach far; the scatter hits hard near by'
              : '1: bolts reach far. 2: the scatter hits hard near by. F changes'}
          </p>
        </div>
      )}
      {scene.isDead && scene.phase === 'playing' && (
        <p
          data-testid="hit"
          className="mt-[8vh] rounded-2xl bg-black/70 px-6 py-3 text-center text-balance font-semibold"
        >
          {scene.hitBy ? `Hit by ${scene.hitBy}.` : 'You were hit.'} You are back in a moment.
        </p>
      )}
    </div>
  )
}

function Kill({ news: { killer, victim, weapon } }: { news: News }) {
  return (
    <li className="flex items-center gap-1.5 rounded-full bg-black/70 px-3 py-1">
      <span style={{ color: seatColour(killer.seat) }}>{killer.name}</span>
      <WeaponSign weapon={weapon} />
      <span style={{ color: seatColour(victim.seat) }}>{victim.name}</span>
    </li>
  )
}

/** What flew from one to the other: a bolt with its point ahead, or a handful of pellets. */
function WeaponSign({ weapon }: { weapon: number }) {
  const isScatter = weapon === FIRE.scatter
  return (
    <>
      <span className="sr-only">{isScatter ? ' hit with the scatter ' : ' hit with a bolt '}</span>
      <svg viewBox="0 0 28 16" aria-hidden="true" className="h-4 w-7" fill="none" stroke="white" strokeWidth="2">
        {isScatter
          ? PELLET_PLACES.map(([x, y]) => <circle key={`${x}-${y}`} cx={x} cy={y} r="1.6" fill="white" />)
          : null}
        <path d={isScatter ? 'M2 8h9' : 'M2 8h22M19 3l6 5-6 5'} />
      </svg>
    </>
  )
}

const PELLET_PLACES = [
  [16, 8],
  [20, 3],
  [20, 13],
  [23, 8],
] as const
