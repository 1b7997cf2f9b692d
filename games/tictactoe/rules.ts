/** The board: nine cells, 0 empty, else seat + 1. */
export type Board = number[]

const LINES = [
  [0, 1, 2],
  [3, 4, 5],
  [6, 7, 8],
  [0, 3, 6],
  [1, 4, 7],
  [2, 5, 8],
  [0, 4, 8],
  [2, 4, 6],
] as const

export const CELLS = 9

/** The seat with three in a row; undefined while nobody has. */
export function winnerOf(board: Readonly<Board>): number | undefined {
  for (const [a, b, c] of LINES) {
    const mark = board[a]
    if (mark !== undefined && mark > 0 && mark === board[b] && mark === board[c]) return mark - 1
  }
  return undefined
}

export function freeCells(board: Readonly<Board>): number[] {
  return board.flatMap((mark, cell) => (mark === 0 ? [cell] : []))
}

/** The best cell for a seat, by looking through all that can follow; undefined on a full board. */
export function bestCell(board: Readonly<Board>, seat: number): number | undefined {
  let best: { cell: number; worth: number } | undefined
  for (const cell of freeCells(board)) {
    const worth = -worthFor(placed(board, cell, seat), 1 - seat)
    if (!best || worth > best.worth) best = { cell, worth }
  }
  return best?.cell
}

function placed(board: Readonly<Board>, cell: number, seat: number): Board {
  return board.with(cell, seat + 1)
}

/** 1 when the seat to move can force a win, 0 a draw, −1 when it loses. */
function worthFor(board: Readonly<Board>, seat: number): number {
  if (winnerOf(board) !== undefined) return -1
  const free = freeCells(board)
  if (free.length === 0) return 0
  return Math.max(...free.map((cell) => -worthFor(placed(board, cell, seat), 1 - seat)))
}
