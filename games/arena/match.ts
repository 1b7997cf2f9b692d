import { type GameEvent, type Outcome, seededRandom, type Turn } from '@meydan/contracts/core'
import { TICK_MS } from './balance.ts'
import { arena } from './game.ts'
import type { ArenaInput } from './layout.ts'
import type { ArenaState } from './state.ts'

/** A match played without an engine: for simulations, benchmarks and tests. */
export interface Match {
  state: ArenaState
  readonly events: GameEvent[]
  /** What the game is given at the current tick. */
  readonly turn: Turn
  join(seat: number): void
  leave(seat: number): void
  /** `seenTick` is the tick at which the player sees the others; the present unless given. */
  input(seat: number, input: Partial<ArenaInput>, seenTick?: number): void
  /** Plays `count` ticks (default 1); `before` may give inputs, with the tick about to be played. */
  run(count?: number, before?: (tick: number) => void): void
  outcome(): Outcome | null
}

/** Opens a match and seats the first `seats` seats. Nothing happens before `run`. */
export function openMatch(seed: number, seats: number, options: Record<string, number> = {}): Match {
  const random = seededRandom(seed)
  const events: GameEvent[] = []
  const turn = { tick: 0, timeMs: 0, random, emit: (event: GameEvent) => events.push(event) }
  const match: Match = {
    state: arena.create({ random, options }),
    events,
    turn,
    join: (seat) =>
      arena.join(match.state, { index: seat, playerId: `${seat + 1}`, name: `P${seat}`, bot: true }, turn),
    leave: (seat) => arena.leave(match.state, seat, turn),
    input: (seat, input, seenTick) =>
      arena.input(match.state, seat, { moveX: 0, moveY: 0, aim: 0, fire: 0, ...input }, turn, seenTick),
    run: (count = 1, before) => {
      for (let played = 0; played < count; played++) {
        turn.tick++
        turn.timeMs = turn.tick * TICK_MS
        before?.(turn.tick)
        arena.tick(match.state, turn)
      }
    },
    outcome: () => arena.outcome(match.state),
  }
  for (let seat = 0; seat < seats; seat++) match.join(seat)
  return match
}
