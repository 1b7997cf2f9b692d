import type { Game, Layout, Row, View, ViewLayout } from '@meydan/contracts/core'
import { columnsOf } from './inputs.ts'

type Layouts = Pick<Game, 'inputLayout' | 'viewLayout'>

/** The table of a board's own: its rows go by cell. */
const CELLS = 'cells'

/** A board's cells in rows and columns; undefined for a game whose input names no `cell`. */
export function boardOf({
  inputLayout,
}: Layouts): { readonly first: number; readonly columns: number; readonly rows: number } | undefined {
  const field = inputLayout.cell
  if (!field) return undefined
  const count = Math.floor(field.max - field.min) + 1
  const columns = columnsOf(count)
  return { first: field.min, columns, rows: count / columns }
}

/** Tables whose rows lie on the board: `cells`, and those whose places span just as many columns and rows as it has. */
export function tablesOnBoard(game: Layouts): ReadonlySet<string> {
  const board = boardOf(game)
  if (!board) return new Set()
  const isOnIt = ([name, { x, y }]: [string, Layout]): boolean =>
    name === CELLS ||
    (x !== undefined && y !== undefined && x.max - x.min === board.columns && y.max - y.min === board.rows)
  return new Set(Object.entries(game.viewLayout).flatMap((table) => (isOnIt(table) ? [table[0]] : [])))
}

/** What lies on each cell of the board. */
export function marksOn(game: Layouts, view: View<ViewLayout>): ReadonlyMap<number, Row<Layout>> {
  const board = boardOf(game)
  const marks = new Map<number, Row<Layout>>()
  if (!board) return marks
  for (const name of tablesOnBoard(game)) {
    const layout = game.viewLayout[name]
    for (const [id, row] of view[name] ?? []) marks.set(name === CELLS ? id : cellOf(row, layout, board), row)
  }
  return marks
}

function cellOf(
  { x = 0, y = 0 }: Row<Layout>,
  layout: Layout | undefined,
  { first, columns, rows }: NonNullable<ReturnType<typeof boardOf>>,
): number {
  const column = Math.min(columns - 1, Math.floor(x - (layout?.x?.min ?? 0)))
  const line = Math.min(rows - 1, Math.floor(y - (layout?.y?.min ?? 0)))
  return first + line * columns + column
}
