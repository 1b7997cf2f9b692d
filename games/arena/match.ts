import { type GameEvent, type Outcome, seededRandom, type Turn } from '@meydan/contracts/core'
import { SCORE_PER_KILL, SHOT_DAMAGE, TICK_MS } from './balance.ts'
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

/** How often bots are asked here, 120 ms: all in one tick, because who decides after the others knows more than they did. */
const BOT_EVERY_TICKS = 8

export interface BotMatchReport {
  readonly outcome: Outcome
  readonly kills: readonly number[]
  /** How often somebody else took the sole lead. */
  readonly leadChanges: number
  readonly shotsFired: number
  readonly shotsHit: number
}

/** Plays a whole match of bots, one per skill, and says how it went. `options` as for the game. */
export function playBots(
  seed: number,
  skills: readonly number[],
  options: Record<string, number> = {},
): BotMatchReport {
  const match = openMatch(seed, skills.length, options)
  const random = seededRandom(seed ^ 0x5eed)
  let leader = -1
  let leadChanges = 0
  let shotsFired = 0
  let outcome = match.outcome()
  while (!outcome) {
    match.run(1, (tick) => {
      if (tick % BOT_EVERY_TICKS !== 0) return
      for (const [seat, skill] of skills.entries()) {
        const decision = arena.bot(match.state, seat, skill, random)
        if (decision) match.input(seat, decision)
      }
    })
    for (const shot of match.state.shots) if (shot.live && shot.bornTick === match.state.tick) shotsFired++
    const leading = soleLeader(match.state)
    if (leading >= 0 && leading !== leader) {
      if (leader >= 0) leadChanges++
      leader = leading
    }
    outcome = match.outcome()
  }
  const damage = match.state.avatars.reduce((sum, avatar) => sum + avatar.score - avatar.kills * SCORE_PER_KILL, 0)
  return {
    outcome,
    kills: match.state.avatars.slice(0, skills.length).map((avatar) => avatar.kills),
    leadChanges,
    shotsFired,
    shotsHit: damage / SHOT_DAMAGE,
  }
}

/** The seat with the highest score, −1 while two share it. */
function soleLeader(state: ArenaState): number {
  let leader = -1
  let best = 0
  for (const [seat, avatar] of state.avatars.entries()) {
    if (avatar.score > best) {
      best = avatar.score
      leader = seat
    } else if (avatar.score === best) {
      leader = -1
    }
  }
  return leader
}
