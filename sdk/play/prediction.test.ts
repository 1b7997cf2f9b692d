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
/** Inputs are made one a local tick; local ticks are as many as inputs. */
const made = (seq: number) => ({ madeTick: seq, seenTick: 0 })
type DotPrediction = Prediction<Dot, typeof layouts.input, typeof layouts.view>

/** The server has said that at tick 10 the dot was here. */
function predicting(x: number): DotPrediction {
  const prediction = new Prediction(foresight, 0)
  prediction.correct({ view: viewOf(x), tick: 10, inputSeq: 0 }, 0)
  return prediction
}

/** A dot that steps by one to the right, whose inputs are applied eight ticks after they were made: at tick `tick` the server applies `tick - 8`. */
function running(untilTick: number): DotPrediction {
  const prediction = new Prediction(foresight, 0)
  for (let tick = 8; tick <= untilTick; tick += 2) {
    hear(prediction, tick, tick - 8)
    for (const seq of [tick - 1, tick]) prediction.apply(seq, { move: 1 }, made(seq))
  }
  return prediction
}
/** The server's word on a dot that steps by one each tick, whatever it has heard. */
const hear = (prediction: DotPrediction, tick: number, inputSeq: number): number =>
  prediction.correct({ view: viewOf(tick), tick, inputSeq }, tick * 15)

describe('the own seat', () => {
  test('SDK10 moves at once, by the rules, and is drawn between its last two ticks', () => {
    const prediction = predicting(80)
    prediction.apply(1, { move: 10 }, made(1))
    expect(prediction.own).toEqual({ x: 90, tick: 11 })
    expect(prediction.place(0, 0.5)).toEqual([85])
    for (const seq of [2, 3]) prediction.apply(seq, { move: 10 }, made(seq))
    expect(prediction.own).toEqual({ x: 100, tick: 13 })
  })

  test('SDK10 goes on from the server’s word with what the server has not seen, and nothing shows when both agree', () => {
    const prediction = predicting(10)
    for (let seq = 1; seq <= 5; seq++) prediction.apply(seq, { move: 3 }, made(seq))
    prediction.correct({ view: viewOf(16), tick: 12, inputSeq: 2 }, 100)
    expect(prediction.own).toEqual({ x: 25, tick: 15 })
    expect(prediction.correctionAt(100)).toBe(0)
  })

  test('SDK10 a correction is not seen as a jump: it is smoothed out', () => {
    const prediction = predicting(10)
    for (let seq = 1; seq <= 5; seq++) prediction.apply(seq, { move: 3 }, made(seq))
    prediction.correct({ view: viewOf(28), tick: 12, inputSeq: 2 }, 100)
    expect(prediction.own?.x).toBe(37)
    expect(prediction.place(100, 1)).toEqual([25])
    expect(prediction.place(160, 1)?.[0]).toBeCloseTo(31, 0)
    expect(prediction.place(2_000, 1)).toEqual([37])
  })

  test('SDK10 a correction so long that it is a new place is jumped', () => {
    const prediction = predicting(10)
    prediction.apply(1, { move: 3 }, made(1))
    prediction.correct({ view: viewOf(90), tick: 12, inputSeq: 1 }, 100)
    expect(prediction.place(100, 1)).toEqual([90])
  })

  test('SDK10 there is nothing to foretell of one who is not there, and nothing is glided when it is back', () => {
    const prediction = predicting(10)
    prediction.apply(1, { move: 3 }, made(1))
    prediction.correct({ view: { dots: new Map() }, tick: 12, inputSeq: 0 }, 100)
    expect([prediction.own, prediction.place(100, 1)]).toEqual([undefined, undefined])
    prediction.correct({ view: viewOf(30), tick: 14, inputSeq: 1 }, 130)
    expect(prediction.place(130, 1)).toEqual([30])
  })

  test('SDK10 while inputs are held up on the link, what the server plays without them is not played twice', () => {
    const prediction = running(40)
    // Nothing after input 32 has come, and the server repeats that one.
    for (let tick = 42; tick <= 60; tick += 2) {
      expect(hear(prediction, tick, 32)).toBe(0)
      for (const seq of [tick - 1, tick]) prediction.apply(seq, { move: 1 }, made(seq))
      expect(prediction.own).toEqual({ x: tick + 8, tick: tick + 8 })
    }
    // All of them come at once, and those whose ticks are over move nothing.
    expect(hear(prediction, 62, 53)).toBe(0)
    expect(prediction.own?.x).toBe(68)
  })

  test('SDK10 inputs that were made several at a time are no more steps than there were ticks', () => {
    const prediction = running(40)
    let seq = 40
    for (let tick = 42; tick <= 80; tick += 2) {
      // A frame each four ticks: the server takes three of its inputs in one tick, one in the next, and repeats that twice.
      expect(hear(prediction, tick, tick % 4 === 2 ? tick - 8 : tick - 10)).toBe(0)
      if (tick % 4 !== 0) continue
      for (const _ of [1, 2, 3, 4]) prediction.apply(++seq, { move: 1 }, made(seq))
      expect(prediction.own).toEqual({ x: seq + 8, tick: seq + 8 })
    }
  })

  test('SDK10 through ticks without an input the one before goes on, as it does on the server', () => {
    const prediction = running(40)
    prediction.apply(41, { move: 5 }, made(41))
    prediction.apply(42, { move: 0 }, made(46))
    expect(prediction.own).toEqual({ x: 48 + 5 * 5, tick: 54 })
    // So does one that was applied sooner than expected.
    hear(prediction, 42, 41)
    expect(prediction.own).toEqual({ x: 42 + 11 * 5, tick: 54 })
  })

  test('A8 in a new session inputs are numbered anew, and those of the old one are forgotten', () => {
    const prediction = predicting(10)
    for (let seq = 1; seq <= 50; seq++) prediction.apply(seq, { move: 1 }, made(seq))
    prediction.restart()
    prediction.correct({ view: viewOf(20), tick: 90, inputSeq: 0 }, 100)
    expect(prediction.own?.x).toBe(20)
    prediction.apply(1, { move: 2 }, made(80))
    expect(prediction.own).toEqual({ x: 22, tick: 91 })
  })

  test('A8 a room that another process took over has its ticks behind it, and is believed', () => {
    const prediction = running(80)
    for (const [tick, seq] of [
      [50, 81],
      [52, 83],
    ] as const) {
      hear(prediction, tick, seq)
      prediction.apply(seq + 1, { move: 1 }, made(seq + 1))
    }
    expect(prediction.own).toEqual({ x: 53, tick: 53 })
  })

  test('SDK7 plays on for 64 ticks without the server’s word, and then stands still', () => {
    const prediction = predicting(0)
    for (let seq = 1; seq <= 500; seq++) prediction.apply(seq, { move: 1 }, made(seq))
    expect(prediction.own).toEqual({ x: 64, tick: 10 + 64 })
    expect(prediction.place(0, 0.5)).toEqual([64])
  })
})
