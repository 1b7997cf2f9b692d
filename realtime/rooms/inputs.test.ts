import { expect, test } from 'vitest'
import { InputQueue } from './inputs.ts'

/** A queue, and how many inputs each tick takes of it. */
function queue() {
  const inputs = new InputQueue()
  let seq = 0
  return {
    inputs,
    send(count: number): void {
      for (let sent = 0; sent < count; sent++) inputs.receive({ ackTick: 0, seq: ++seq, inputs: [{ step: seq }] }, seq)
    },
    tick(): number[] {
      const taken: number[] = []
      inputs.drain((_input, seenTick) => taken.push(seenTick ?? Number.NaN))
      return taken
    },
  }
}

test('B15 a tick takes one input, and the oldest first', () => {
  const { send, tick } = queue()
  send(2)
  expect([tick(), tick(), tick()]).toEqual([[1], [2], []])
})

test('B15 while more than two wait a tick takes up to four, and leaves one', () => {
  const { send, tick } = queue()
  for (let idle = 0; idle < 10; idle++) tick()
  send(7)
  expect([tick(), tick(), tick()]).toEqual([[1, 2, 3, 4], [5, 6], [7]])
})

test('B15 in the long run a seat has one input a tick: of what it sends beyond that the oldest is lost', () => {
  const { send, tick } = queue()
  let taken = 0
  let most = 0
  for (let played = 0; played < 1_000; played++) {
    send(4)
    const now = tick().length
    taken += now
    most = Math.max(most, now)
  }
  expect(taken).toBeLessThanOrEqual(1_004)
  expect(most).toBeLessThanOrEqual(4)
  expect(tick().at(-1)).toBeGreaterThan(3_990)
})

test('B15 a clock that is a thousandth fast loses an input now and then, and waits no longer for it', () => {
  const { send, tick } = queue()
  let sent = 0
  let last: number | undefined
  for (let played = 0; played < 20_000; played++) {
    const due = Math.floor(played * 1.001)
    send(due - sent)
    sent = due
    last = tick().at(-1) ?? last
  }
  expect(sent - (last ?? 0)).toBeLessThanOrEqual(3)
})

test('B16 inputs of one frame were made a tick apart, and their player saw as much less; time on the screen never ran back', () => {
  const inputs = new InputQueue()
  const frame = (seq: number, count: number) => ({
    ackTick: 0,
    seq,
    inputs: Array.from({ length: count }, () => ({ step: 0 })),
  })
  const seen: (number | undefined)[] = []
  inputs.receive(frame(3, 3), 100)
  inputs.receive(frame(7, 4), 101)
  for (let tick = 0; tick < 10; tick++) inputs.drain((_input, seenTick) => seen.push(seenTick))
  expect(seen).toEqual([98, 99, 100, 100, 100, 100, 101])
})
