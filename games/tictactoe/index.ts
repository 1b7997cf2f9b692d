import type { Game, Outcome, Plain, Standing } from '@meydan/contracts/core'
import { bestCell, CELLS, freeCells, winnerOf } from './rules.ts'

/** What one match is: the board, whose turn it is, and until when. */
interface State {
  /** By cell: 0 empty, else seat + 1. */
  readonly board: number[]
  /** The seat to move. */
  next: number
  /** A seat that thinks beyond this tick has lost. */
  untilTick: number
  /** The seat that gave up, or thought too long; −1 while nobody has. */
  out: number
}

const TICK_MS = 200
const THINK_TICKS = 30_000 / TICK_MS
/** A bot takes its time, so that one can follow it: it moves at one ask in so many. */
const BOT_PATIENCE = 5
const NOBODY = -1
const SEATS = 2
const SIDE = 3

const inputLayout = { cell: { min: 0, max: CELLS - 1, step: 1 } } as const
const viewLayout = {
  /** One row for each mark, by cell; x and y place it on a board of 3 × 3. */
  marks: {
    x: { min: 0, max: SIDE, step: 0.5 },
    y: { min: 0, max: SIDE, step: 0.5 },
    seat: { min: 0, max: SEATS - 1, step: 1 },
  },
  turn: { next: { min: 0, max: SEATS - 1, step: 1 } },
} as const

/** Tic-tac-toe: the smallest turn-based game. Between moves nothing is sent. */
export const tictactoe: Game<State, typeof inputLayout, typeof viewLayout> = {
  name: 'tictactoe',
  version: 1,
  title: 'Tic-tac-toe',
  seats: { min: SEATS, max: SEATS },
  tickMs: TICK_MS,
  sendEveryTicks: 1,
  lastsMsMax: 600_000,
  joinInProgress: false,
  spectators: true,
  inputLayout,
  viewLayout,
  sharedView: true,

  create: () => ({ board: new Array<number>(CELLS).fill(0), next: 0, untilTick: THINK_TICKS, out: NOBODY }),
  join: () => undefined,
  leave(state, seat) {
    if (state.out === NOBODY) state.out = seat
  },
  input(state, seat, { cell }, turn) {
    if (seat !== state.next || state.board[cell] !== 0 || outcome(state)) return
    state.board[cell] = seat + 1
    state.next = 1 - seat
    state.untilTick = turn.tick + THINK_TICKS
    turn.emit({ type: 'MOVE', seat, cell })
  },
  tick(state, turn) {
    if (turn.tick > state.untilTick && !outcome(state)) state.out = state.next
  },
  view(state, _seat, out) {
    for (const [cell, mark] of state.board.entries()) {
      if (mark > 0) out.row('marks', cell, { x: (cell % SIDE) + 0.5, y: Math.floor(cell / SIDE) + 0.5, seat: mark - 1 })
    }
    out.row('turn', 0, state)
  },
  snapshot: ({ board, next, untilTick, out }) => [next, untilTick, out, ...board],
  restore: fromSnapshot,
  outcome,
  bot(state, seat, skill, random) {
    if (seat !== state.next || random.int(1, BOT_PATIENCE) > 1) return null
    const free = freeCells(state.board)
    const cell = random.float() < skill ? bestCell(state.board, seat) : free[random.int(0, free.length - 1)]
    return cell === undefined ? null : { cell }
  },
}

function fromSnapshot(snapshot: Plain): State {
  const numbers: readonly unknown[] = Array.isArray(snapshot) ? snapshot : []
  const [next, untilTick, out, ...board] = numbers.map(Number)
  if (next === undefined || untilTick === undefined || out === undefined || board.length !== CELLS) {
    throw new TypeError('not a snapshot of tic-tac-toe')
  }
  return { board, next, untilTick, out }
}

function outcome({ board, out }: State): Outcome | null {
  const winner = out === NOBODY ? winnerOf(board) : 1 - out
  if (winner !== undefined)
    return {
      reason: out === NOBODY ? 'won' : 'given up',
      standings: [standing(winner, 1, 1), standing(1 - winner, 2, 0)],
    }
  return freeCells(board).length === 0 ? { reason: 'draw', standings: [standing(0, 1, 0), standing(1, 1, 0)] } : null
}

const standing = (seat: number, rank: number, score: number): Standing => ({ seat, rank, score })
