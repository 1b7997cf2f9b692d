import { tictactoe } from '@meydan/games/tictactoe'
import { expect, test } from 'vitest'
import { boardOf, marksOn, tablesOnBoard } from './marks.ts'

test('A13 a mark with a place lies on the cell of the board that the place is in', () => {
  const at = (cell: number, seat: number) =>
    [cell, { x: (cell % 3) + 0.5, y: Math.floor(cell / 3) + 0.5, seat }] as const
  const view = { marks: new Map([at(0, 0), at(5, 1), at(8, 0)]), turn: new Map([[0, { next: 1 }]]) }
  expect(boardOf(tictactoe)).toEqual({ first: 0, columns: 3, rows: 3 })
  expect([...marksOn(tictactoe, view)].map(([cell, { seat }]) => [cell, seat])).toEqual([
    [0, 0],
    [5, 1],
    [8, 0],
  ])
  expect([...tablesOnBoard(tictactoe)]).toEqual(['marks'])
})

test('A13 a place on the outer edge lies in the last cell, and a table of another size lies on no board', () => {
  const one = { min: 0, max: 3, step: 0.5 }
  const game = { inputLayout: { cell: { min: 0, max: 8, step: 1 } }, viewLayout: { marks: { x: one, y: one } } }
  expect([...marksOn(game, { marks: new Map([[7, { x: 3, y: 3 }]]) }).keys()]).toEqual([8])
  const wide = { ...game, viewLayout: { runners: { x: { ...one, max: 100 }, y: one } } }
  expect([...tablesOnBoard(wide)]).toEqual([])
  expect([...tablesOnBoard({ ...wide, inputLayout: {} })]).toEqual([])
})

test('A13 the table `cells` goes by its ids', () => {
  const game = {
    inputLayout: { cell: { min: 0, max: 6, step: 1 } },
    viewLayout: { cells: { owner: { min: 0, max: 1, step: 1 } } },
  }
  expect(boardOf(game)).toEqual({ first: 0, columns: 7, rows: 1 })
  expect([...marksOn(game, { cells: new Map([[6, { owner: 1 }]]) })]).toEqual([[6, { owner: 1 }]])
})
