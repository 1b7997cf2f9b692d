import { FIRE } from '@meydan/games/arena'
import { seatColour } from '../colours.ts'
import { useText } from '../i18n/i18n.ts'
import { preferences } from '../preferences.ts'
import { HAS_THUMBS } from '../ui/pointer.ts'
import type { News, Scene } from './scene.ts'

/** What a player should read now: how to play, who hit whom, when it goes on. Over the field, and out of every touch's way. */
export function Notice({ scene }: { scene: Scene }) {
  const t = useText('match')
  return (
    <div className="pointer-events-none absolute inset-0 flex flex-col items-center p-4">
      <KillFeed news={scene.news} />
      {scene.phase === 'warmup' && (
        <div className="mt-[8vh] rounded-2xl bg-black/70 px-6 py-4 text-center">
          <p className="text-5xl font-bold tabular-nums">{Math.ceil(scene.leftS)}</p>
          <p className="mt-2 text-sm text-balance text-white/90">{t(HAS_THUMBS ? howToTouch() : 'howToKeys')}</p>
          <p className="mt-1 text-sm text-white/90">{t(HAS_THUMBS ? 'weaponsTouch' : 'weaponsKeys')}</p>
        </div>
      )}
      {scene.isDead && scene.phase === 'playing' && (
        <p
          data-testid="hit"
          className="mt-[8vh] rounded-2xl bg-black/70 px-6 py-3 text-center text-balance font-semibold"
        >
          {scene.hitBy ? t('hitBy', { name: scene.hitBy }) : t('hit')}
        </p>
      )}
    </div>
  )
}

/** The thumbs are as the player chose (settings). */
function howToTouch(): 'howToTouch' | 'howToTouchSwapped' {
  return preferences.get('aimSide') === 'right' ? 'howToTouch' : 'howToTouchSwapped'
}

/** Who hit whom just now. */
export function KillFeed({ news }: { news: readonly News[] }) {
  return (
    <ul aria-live="off" className="flex min-h-16 flex-col items-center gap-1 text-sm">
      {news.map((each) => (
        <Kill key={each.key} news={each} />
      ))}
    </ul>
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
  const t = useText('match')
  const isScatter = weapon === FIRE.scatter
  return (
    <>
      <span className="sr-only">{` ${t(isScatter ? 'withScatter' : 'withBolt')} `}</span>
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
