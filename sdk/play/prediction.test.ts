import type { Foresight, View } from '@meydan/contracts/core'
import { describe, expect, test } from 'vitest'
import { Prediction } from './prediction.ts'

/** The smallest game with a place: a stick moves a dot by its own length, and a wall at 100 stops it. */
const layouts = {
  input: { move: { min: -10, max: 10, step: 1 } },
  view: { dots: { x: { min: 0, max: 1_000, step: 1 } } },
} as const
interface Dot {
  readonly x: number
  readonly tick: number
}
const foresight: Foresight<Dot, typeof layouts.input, typeof layouts.view> = {
  own(view, seat, tick) {
    const dot = view.dots.get(seat)
    return dot && { x: dot.x, tick }
  },
  step: (own, { move }, { tick }) => ({ x: Math.min(100, own.x + move), tick }),
  place: ({ x }) => [x],
  jumpsBeyond: 50,
}
const viewOf = (x: number): View<typeof layouts.view> => ({ dots: new Map([[0, { x }]]) })
const SEEN = 0

function predicting(x: number): Prediction<Dot, typeof layouts.input, typeof layouts.view> {
  const prediction = new Prediction(foresight, 0)
  prediction.correct({ view: viewOf(x), tick: 10, inputSeq: 0 }, 0)
  return prediction
}

describe('the own seat', () => {
  test('SDK10 moves at once, by the rules, and is drawn between its last two ticks', () => {
    const prediction = predicting(80)
    prediction.apply(1, { move: 10 }, SEEN)
    expect(prediction.own).toEqual({ x: 90, tick: 11 })
    expect(prediction.place(0, 0.5)).toEqual([85])
    for (const seq of [2, 3]) prediction.apply(seq, { move: 10 }, SEEN)
    expect(prediction.own).toEqual({ x: 100, tick: 13 })
  })

  test('SDK10 goes on from the server’s word with what the server has not seen, and nothing shows when both agree', () => {
    const prediction = predicting(10)
    for (let seq = 1; seq <= 5; seq++) prediction.apply(seq, { move: 3 }, SEEN)
    prediction.correct({ view: viewOf(16), tick: 12, inputSeq: 2 }, 100)
    expect(prediction.own).toEqual({ x: 25, tick: 15 })
    expect(prediction.correctionAt(100)).toBe(0)
  })

  test('SDK10 a correction is not seen as a jump: it is smoothed out, half of it in 60 ms', () => {
    const prediction = predicting(10)
    for (let seq = 1; seq <= 5; seq++) prediction.apply(seq, { move: 3 }, SEEN)
    prediction.correct({ view: viewOf(28), tick: 12, inputSeq: 2 }, 100)
    expect(prediction.own?.x).toBe(37)
    expect(prediction.place(100, 1)).toEqual([25])
    expect(prediction.place(160, 1)?.[0]).toBeCloseTo(31)
    expect(prediction.place(2_000, 1)).toEqual([37])
  })

  test('SDK10 a correction so long that it is a new place is jumped', () => {
    const prediction = predicting(10)
    prediction.apply(1, { move: 3 }, SEEN)
    prediction.correct({ view: viewOf(90), tick: 12, inputSeq: 1 }, 100)
    expect(prediction.place(100, 1)).toEqual([90])
  })

  test('SDK10 there is nothing to foretell of one who is not there, and nothing is glided when it is back', () => {
    const prediction = predicting(10)
    prediction.apply(1, { move: 3 }, SEEN)
    prediction.correct({ view: { dots: new Map() }, tick: 12, inputSeq: 0 }, 100)
    expect([prediction.own, prediction.place(100, 1)]).toEqual([undefined, undefined])
    prediction.correct({ view: viewOf(30), tick: 14, inputSeq: 1 }, 130)
    expect(prediction.place(130, 1)).toEqual([30])
  })

  test('A8 in a new session inputs are numbered anew, and those of the old one are forgotten', () => {
    const prediction = predicting(10)
    for (let seq = 1; seq <= 50; seq++) prediction.apply(seq, { move: 1 }, SEEN)
    prediction.apply(1, { move: 2 }, SEEN)
    prediction.correct({ view: viewOf(20), tick: 5, inputSeq: 0 }, 100)
    expect(prediction.own?.x).toBe(22)
  })

  test('SDK7 guesses on for 120 inputs at most', () => {
    const prediction = predicting(0)
    for (let seq = 1; seq <= 500; seq++) prediction.apply(seq, { move: 0 }, SEEN)
    prediction.correct({ view: viewOf(0), tick: 10, inputSeq: 0 }, 100)
    expect(prediction.own?.tick).toBe(10 + 120)
  })
})
