import {
  type Game,
  type Layout,
  type Outcome,
  type Plain,
  type Row,
  type Seat,
  seededRandom,
  type Turn,
} from '@meydan/contracts/core'

/** One thing that happened to a game from outside; `tick` is how many ticks had been played by then. */
export type RecordedStep =
  | { readonly tick: number; readonly kind: 'join'; readonly seat: Seat }
  | { readonly tick: number; readonly kind: 'leave'; readonly seat: number }
  | {
      readonly tick: number
      readonly kind: 'input'
      readonly seat: number
      readonly input: Row<Layout>
      /** As the game was given it: without it a hit could be decided otherwise. */
      readonly seenTick?: number | undefined
    }

/** All that is needed to play a match again: rules, seed, and what came from outside. */
export interface Recording {
  readonly game: string
  readonly gameVersion: number
  readonly seed: number
  readonly options: { readonly [key: string]: Plain }
  readonly steps: readonly RecordedStep[]
  /** Ticks that were played. */
  readonly ticks: number
}

export interface Replay {
  readonly state: Plain
  readonly outcome: Outcome | null
}

/** Plays a recording again. The same game version gives the same state, or the game is not pure. */
export function replay(game: Game, recording: Recording): Replay {
  const random = seededRandom(recording.seed)
  const state = game.create({ random, options: recording.options })
  const turnAt = (tick: number): Turn => ({ tick, timeMs: tick * game.tickMs, random, emit: () => undefined })
  const steps = recording.steps.values()
  let step = steps.next().value
  for (let played = 0; played <= recording.ticks; played++) {
    const turn = turnAt(played)
    for (; step !== undefined && step.tick === played; step = steps.next().value) applyStep(game, state, step, turn)
    if (played < recording.ticks) game.tick(state, turnAt(played + 1))
  }
  return { state: game.snapshot(state), outcome: game.outcome(state) }
}

function applyStep(game: Game, state: unknown, step: RecordedStep, turn: Turn): void {
  if (step.kind === 'join') game.join(state, step.seat, turn)
  else if (step.kind === 'leave') game.leave(state, step.seat, turn)
  else game.input(state, step.seat, step.input, turn, step.seenTick)
}
