import type { Game } from '@meydan/contracts/core'

interface Counts {
  readonly bySeat: number[]
  /** Inputs of each seat in the tick that had most, and in this one. */
  readonly most: number[]
  readonly inTick: number[]
  /** How many ticks before its input a seat has looked, at most, as the game was told; −1 when it was told nothing. */
  readonly lookedBack: number[]
}

const SEATS = 4
const inputLayout = { step: { min: 0, max: 1, step: 1 } } as const
const viewLayout = { counts: { count: { min: 0, max: 0xffffff, step: 1 } } } as const

/** The game in which inputs are everything: each one is a move. Whoever gets more of them taken plays faster. */
export function counting(): {
  readonly game: Game<Counts, typeof inputLayout, typeof viewLayout>
  readonly counts: Counts
} {
  const counts: Counts = {
    bySeat: Array(SEATS).fill(0),
    most: Array(SEATS).fill(0),
    inTick: Array(SEATS).fill(0),
    lookedBack: Array(SEATS).fill(-1),
  }
  const game: Game<Counts, typeof inputLayout, typeof viewLayout> = {
    name: 'counting',
    version: 1,
    title: 'Counting',
    seats: { min: 2, max: SEATS },
    tickMs: 15,
    sendEveryTicks: 2,
    lastsMsMax: 600_000,
    joinInProgress: true,
    inputLayout,
    viewLayout,
    sharedView: true,
    create: () => counts,
    join: () => undefined,
    leave: () => undefined,
    input(state, seat, _input, turn, seenTick) {
      state.bySeat[seat] = (state.bySeat[seat] ?? 0) + 1
      state.inTick[seat] = (state.inTick[seat] ?? 0) + 1
      if (seenTick !== undefined) state.lookedBack[seat] = Math.max(state.lookedBack[seat] ?? -1, turn.tick - seenTick)
      state.most[seat] = Math.max(state.most[seat] ?? 0, state.inTick[seat] ?? 0)
    },
    tick: (state) => void state.inTick.fill(0),
    view(state, _seat, out) {
      for (const [seat, count] of state.bySeat.entries()) out.row('counts', seat, { count })
    },
    snapshot: ({ bySeat }) => [...bySeat],
    restore: () => counts,
    outcome: () => null,
    bot: () => null,
  }
  return { game, counts }
}
