import { AVATAR_RADIUS, HASTE_PER_TICK, MOVE_PER_TICK, SHOT_RADIUS, TICK_MS } from '@meydan/games/arena'
import type { Place } from './camera.ts'

const PX_PER_MS = { usual: MOVE_PER_TICK / TICK_MS, hasted: HASTE_PER_TICK / TICK_MS } as const
/** What is told is about so much of the past. */
const REMEMBERED_MS = 10_000
/** A jump shorter than this needs no excuse: as near as a shot must come to an avatar's centre. */
const HIT_BOX_PX = AVATAR_RADIUS + SHOT_RADIUS
/** In a longer frame everything that moves jumps. */
const FRAME_MS_MAX = 75
/** What the server did meanwhile is caught up with in so long after the line is back. */
const BACK_MS = 1_000

/** Why the own avatar jumped: it fell, came back to life or the match was over; the line was away; or the screen stood still. */
export type Excuse = 'rules' | 'line' | 'screen'

/** The own avatar in one frame. */
export interface OwnDrawn extends Place {
  readonly nowMs: number
  /** Whether it is the player's to move. */
  readonly isPlayed: boolean
  readonly isFast: boolean
  readonly hasLine: boolean
}

export interface Jumps {
  /** The longest of the last ten seconds without an excuse, px. */
  readonly most: number
  /** How many were longer than a hit box and had one, since the match began. */
  readonly excused: Readonly<Record<Excuse, number>>
}

/** How far the own avatar is drawn from where it was a frame ago, beyond what its own speed explains. */
export class JumpMeter {
  readonly #excused: Record<Excuse, number> = { rules: 0, line: 0, screen: 0 }
  #jumps: { readonly atMs: number; readonly px: number }[] = []
  #last: OwnDrawn | undefined
  #awayMs = Number.NEGATIVE_INFINITY

  add(now: OwnDrawn): void {
    const last = this.#last
    this.#last = now
    if (!now.hasLine) this.#awayMs = now.nowMs
    if (!last) return
    const passedMs = now.nowMs - last.nowMs
    const reach = passedMs * (now.isFast || last.isFast ? PX_PER_MS.hasted : PX_PER_MS.usual)
    const px = Math.max(0, Math.hypot(now.x - last.x, now.y - last.y) - reach)
    const excuse = this.#excuseFor(last, now, passedMs)
    if (!excuse) this.#jumps.push({ atMs: now.nowMs, px })
    else if (px > HIT_BOX_PX) this.#excused[excuse]++
    this.#forget(now.nowMs)
  }

  jumps(nowMs: number): Jumps {
    this.#forget(nowMs)
    return { most: Math.max(0, ...this.#jumps.map(({ px }) => px)), excused: { ...this.#excused } }
  }

  #excuseFor(last: OwnDrawn, now: OwnDrawn, passedMs: number): Excuse | undefined {
    if (last.isPlayed !== now.isPlayed) return 'rules'
    if (now.nowMs - this.#awayMs < BACK_MS) return 'line'
    return passedMs > FRAME_MS_MAX ? 'screen' : undefined
  }

  #forget(nowMs: number): void {
    const fresh = this.#jumps.findIndex(({ atMs }) => nowMs - atMs <= REMEMBERED_MS)
    if (fresh !== 0) this.#jumps.splice(0, fresh < 0 ? this.#jumps.length : fresh)
  }
}
