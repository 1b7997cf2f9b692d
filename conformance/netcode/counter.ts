import type { Game } from '@meydan/contracts/core'

interface Counts {
  readonly bySeat: number[]
  /** The tick at which each seat's last inputs came, and how many came in it. */
  readonly most: number[]
  readonly inTick: number[]
}

const SEATS = 4
const inputLayout = { step: { min: 0, max: 1, step: 1 } } as const
const viewLayout = { counts: { count: { min: 0, max: 0xffffff, step: 1 } } } as const

/** The game in which inputs are everything: each one is a move. Whoever gets more of them taken plays faster. */
export function counting(): {
  readonly game: Game<Counts, typeof inputLayout, typeof viewLayout>
  readonly counts: Counts
} {
  const counts: Counts = { bySeat: Array(SEATS).fill(0), most: Array(SEATS).fill(0), inTick: Array(SEATS).fill(0) }
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
    input(state, seat) {
      state.bySeat[seat] = (state.bySeat[seat] ?? 0) + 1
      state.inTick[seat] = (state.inTick[seat] ?? 0) + 1
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
