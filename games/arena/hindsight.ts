import { HINDSIGHT_TICKS_MAX } from './balance.ts'
import { type ArenaState, LIFE, type Trace } from './state.ts'

/**
 * How many ticks before `tick` a player saw the others who saw them at `seenTick`. Whoever has not said sees the present, and so do
 * bots; nobody sees the future, or farther back than HINDSIGHT_TICKS_MAX.
 */
export function hindsightOf(tick: number, seenTick: number | undefined): number {
  const behind = Math.round(tick - (seenTick ?? tick))
  // Not a number is not greater than 0 either.
  return behind > 0 ? Math.min(behind, HINDSIGHT_TICKS_MAX) : 0
}

/** The avatars as they were so many ticks ago, each at the end of that tick: as its view showed them. */
export function asSeen(state: ArenaState, hindsight: number): readonly Trace[] {
  if (hindsight === 0) return state.avatars
  return state.past[(state.tick - hindsight) % state.past.length] ?? state.avatars
}

/** Keeps where everybody is at the end of this tick, in the place of the oldest. */
export function remember(state: ArenaState): void {
  const now = state.past[state.tick % state.past.length]
  for (let seat = 0; seat < state.avatars.length; seat++) {
    const avatar = state.avatars[seat]
    const trace = now?.[seat]
    if (!avatar || !trace) continue
    trace.life = avatar.life
    trace.x = avatar.x
    trace.y = avatar.y
  }
}

/** Who comes to the field has not been anywhere on it before, whoever had the seat. */
export function forget(state: ArenaState, seat: number): void {
  for (const then of state.past) {
    const trace = then[seat]
    if (trace) trace.life = LIFE.absent
  }
}
