import { type GameEvent, type Random, seededRandom, type Turn } from '@meydan/contracts/core'
import { describe, expect, test } from 'vitest'
import { tictactoe } from './index.ts'

const random = seededRandom(1)
const turnAt = (tick: number, told: GameEvent[] = [], chance: Random = random): Turn => ({
  tick,
  timeMs: tick * tictactoe.tickMs,
  random: chance,
  emit: (event) => void told.push(event),
})
const fresh = () => tictactoe.create({ random, options: {} })
const play = (state: ReturnType<typeof fresh>, cells: readonly number[]) => {
  for (const [index, cell] of cells.entries()) tictactoe.input(state, index % 2, { cell }, turnAt(index))
}

describe('tic-tac-toe', () => {
  test('three in a row win', () => {
    const state = fresh()
    play(state, [0, 3, 1, 4, 2])
    expect(tictactoe.outcome(state)).toMatchObject({
      reason: 'won',
      standings: [
        { seat: 0, rank: 1 },
        { seat: 1, rank: 2 },
      ],
    })
  })

  test('moves out of turn, on a taken cell, or after the end change nothing', () => {
    const state = fresh()
    tictactoe.input(state, 1, { cell: 0 }, turnAt(0))
    play(state, [4])
    tictactoe.input(state, 1, { cell: 4 }, turnAt(1))
    expect(state.board.filter((mark) => mark > 0)).toEqual([1])
    const over = fresh()
    play(over, [0, 3, 1, 4, 2, 8])
    expect(over.board[8]).toBe(0)
  })

  test('a full board is a draw, and who leaves or thinks too long has lost', () => {
    const draw = fresh()
    play(draw, [0, 1, 2, 4, 3, 5, 7, 6, 8])
    expect(tictactoe.outcome(draw)).toMatchObject({ reason: 'draw', standings: [{ rank: 1 }, { rank: 1 }] })
    const left = fresh()
    tictactoe.leave(left, 0, turnAt(1))
    expect(tictactoe.outcome(left)?.standings[0]).toMatchObject({ seat: 1, rank: 1 })
    const slow = fresh()
    tictactoe.tick(slow, turnAt(151))
    expect(tictactoe.outcome(slow)?.standings[0]).toMatchObject({ seat: 1, rank: 1 })
  })

  test('two perfect bots draw, from a snapshot as from the start', () => {
    let state = fresh()
    for (let ask = 0; ask < 500 && !tictactoe.outcome(state); ask++) {
      const move = tictactoe.bot(state, state.next, 1, random)
      if (move) tictactoe.input(state, state.next, move, turnAt(ask))
      state = tictactoe.restore(tictactoe.snapshot(state))
    }
    expect(tictactoe.outcome(state)?.reason).toBe('draw')
  })
})
