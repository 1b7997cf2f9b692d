import { LIFE, PHASE, TICK_MS } from '@meydan/games/arena'
import type { Roster } from '../roster.ts'
import type { Line } from '../stage.ts'
import type { ArenaRoom } from './play.ts'
import type { WeaponChoice } from './weapon.ts'

/** How long a kill stays on the screen. */
const NEWS_MS = 4_000
const NEWS_MAX = 3

export interface SceneLine extends Line {
  readonly seat: number
  readonly isMine: boolean
}

export interface News {
  readonly key: string
  readonly killer: { readonly name: string; readonly seat: number }
  readonly victim: { readonly name: string; readonly seat: number }
  /** A value of FIRE. */
  readonly weapon: number
}

/** What is written around the field, at one moment. */
export interface Scene {
  readonly leftS: number
  readonly phase: 'warmup' | 'playing' | 'over'
  readonly isDead: boolean
  /** Who hit the player last, when dead. */
  readonly hitBy: string | undefined
  readonly lines: readonly SceneLine[]
  readonly news: readonly News[]
  readonly arms: {
    /** A value of FIRE. */
    readonly chosen: number
    readonly shells: number
    /** How much of the loading is done, 0 to 1. */
    readonly loaded: number
  }
}

export interface Kill {
  readonly killer: number
  readonly victim: number
  readonly weapon: number
  readonly atMs: number
}

export function sceneOf(
  room: ArenaRoom,
  roster: Roster,
  kills: readonly Kill[],
  choice: WeaponChoice,
  nowMs: number,
): Scene {
  const match = room.view.match.get(0)
  const { seat } = room.joined
  const isDead = room.view.avatars.get(seat)?.life === LIFE.dead
  const fatal = isDead ? kills.findLast(({ victim }) => victim === seat) : undefined
  const person = (index: number) => ({ name: index === seat ? 'You' : roster.nameOf(index), seat: index })
  return {
    leftS: match ? Math.max(0, ((match.endsTick - room.tick) * TICK_MS) / 1_000) : 0,
    phase: match?.phase === PHASE.playing ? 'playing' : match?.phase === PHASE.over ? 'over' : 'warmup',
    isDead,
    hitBy: fatal && roster.nameOf(fatal.killer),
    lines: linesOf(room, roster),
    news: kills
      .filter(({ atMs }) => nowMs - atMs < NEWS_MS)
      .slice(-NEWS_MAX)
      .map(({ killer, victim, weapon, atMs }) => ({
        key: `${atMs}-${victim}`,
        killer: person(killer),
        victim: person(victim),
        weapon,
      })),
    arms: {
      chosen: choice.chosen,
      shells: room.view.avatars.get(seat)?.shells ?? 0,
      loaded: choice.loaded(nowMs),
    },
  }
}

/** The scoreboard, best first; equal scores keep the order of their seats, so that lines do not dance. */
function linesOf(room: ArenaRoom, roster: Roster): SceneLine[] {
  const lines = [...room.view.scores].map(([seat, { score, kills, deaths }]) => ({
    seat,
    playerId: roster.playerOf(seat),
    name: roster.nameOf(seat),
    score,
    kills,
    deaths,
    isMine: seat === room.joined.seat,
  }))
  return lines.sort((a, b) => b.score - a.score || a.seat - b.seat)
}
