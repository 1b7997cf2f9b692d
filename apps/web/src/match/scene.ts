import { LIFE, PHASE, TICK_MS } from '@meydan/games/arena'
import type { Line } from '../stage.ts'
import type { Kill } from './kills.ts'
import type { ArenaRoom } from './shown.ts'
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

/** What is written around the field at one moment, for everybody alike. */
export interface FieldScene {
  readonly tick: number
  readonly leftS: number
  readonly phase: 'warmup' | 'playing' | 'over'
  readonly lines: readonly SceneLine[]
  readonly news: readonly News[]
}

/** And for the player of one seat. */
export interface Scene extends FieldScene {
  readonly health: number
  readonly isDead: boolean
  /** Who hit the player last, when dead. */
  readonly hitBy: string | undefined
  readonly arms: {
    /** A value of FIRE. */
    readonly chosen: number
    readonly shells: number
    /** How much of the loading is done, 0 to 1. */
    readonly loaded: number
  }
}

/** Who sits where, as the page calls them. */
export interface Names {
  nameOf(seat: number): string
  playerOf(seat: number): string
}

export function fieldSceneOf(room: ArenaRoom, names: Names, kills: readonly Kill[], nowMs: number): FieldScene {
  const match = room.view.match.get(0)
  const person = (seat: number) => ({ name: names.nameOf(seat), seat })
  return {
    tick: room.tick,
    leftS: match ? Math.max(0, ((match.endsTick - room.tick) * TICK_MS) / 1_000) : 0,
    phase: match?.phase === PHASE.playing ? 'playing' : match?.phase === PHASE.over ? 'over' : 'warmup',
    lines: linesOf(room, names),
    news: kills
      .filter(({ atMs }) => nowMs - atMs < NEWS_MS)
      .slice(-NEWS_MAX)
      .map(({ killer, victim, weapon, atMs }) => ({
        key: `${atMs}-${victim}`,
        killer: person(killer),
        victim: person(victim),
        weapon,
      })),
  }
}

export function sceneOf(
  room: ArenaRoom,
  seat: number,
  names: Names,
  kills: readonly Kill[],
  choice: WeaponChoice,
  nowMs: number,
): Scene {
  const { life, health = 0, shells = 0 } = room.view.avatars.get(seat) ?? {}
  const isDead = life === LIFE.dead
  const fatal = isDead ? kills.findLast(({ victim }) => victim === seat) : undefined
  return {
    ...fieldSceneOf(room, names, kills, nowMs),
    health,
    isDead,
    hitBy: fatal && names.nameOf(fatal.killer),
    arms: { chosen: choice.chosen, shells, loaded: choice.loaded(nowMs) },
  }
}

/** The scoreboard, best first; equal scores keep the order of their seats, so that lines do not dance. */
function linesOf(room: ArenaRoom, names: Names): SceneLine[] {
  const lines = [...room.view.scores].map(([seat, { score, kills, deaths }]) => ({
    seat,
    playerId: names.playerOf(seat),
    name: names.nameOf(seat),
    score,
    kills,
    deaths,
    isMine: seat === room.joined.seat,
  }))
  return lines.sort((a, b) => b.score - a.score || a.seat - b.seat)
}
