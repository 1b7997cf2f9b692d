import { NO_TICK, SnapshotDecoder, snapshotHead, ViewPlan } from '@meydan/contracts/wire'
import { expect, test } from 'vitest'
import { type Viewer, ViewStream } from './broadcast.ts'
import { Pace } from './pace.ts'

const layout = { dots: { x: { min: 0, max: 10_000, step: 1 } } }

/** A dot that moves by `speed` a tick, seen by clients that acknowledge when the test says so. */
function streamed(speed: number) {
  let tick = 0
  const stream = new ViewStream(new ViewPlan(layout), (out) => out.row('dots', 0, { x: 100 + tick * speed }))
  const clientOf = () => {
    const decoder = new SnapshotDecoder(layout)
    const pace = new Pace(15, 1)
    const frames: Uint8Array[] = []
    const seen: (number | undefined)[] = []
    const line = { reaches: true }
    const viewer: Viewer = {
      get ackTick() {
        return pace.ackTick
      },
      get ackedBefore() {
        return pace.ackedBefore
      },
      appliedSeq: 0,
      send(frame, at) {
        pace.sent(at)
        frames.push(frame.slice())
        if (!line.reaches) return
        const snapshot = decoder.decode(frame)
        seen.push(snapshot ? decoder.plan.tablesOf(snapshot.view).dots.get(0)?.x : undefined)
      },
    }
    return { viewer, line, frames, seen, acknowledge: () => pace.acknowledge(decoder.ackTick, tick) }
  }
  const send = (clients: readonly { viewer: Viewer }[]): void => {
    tick++
    stream.broadcast(
      7,
      tick,
      clients.map(({ viewer }) => viewer),
    )
  }
  return { clientOf, send }
}

test('B20 T3 whoever has the same view, but not the one before it, gets a frame that can be read', () => {
  const { clientOf, send } = streamed(27)
  const [prompt, late] = [clientOf(), clientOf()]
  for (let round = 0; round < 12; round++) {
    send([prompt, late])
    prompt.acknowledge()
    if (round % 3 === 2) late.acknowledge()
  }
  const expected = Array.from({ length: 12 }, (_, index) => 100 + 27 * (index + 1))
  expect([prompt.seen, late.seen]).toEqual([expected, expected])
  // What moves on as before is in one bit of the frame.
  expect(prompt.frames.at(-1)).toHaveLength(8)
})

test('B20 T3 a frame that two share carries on from a view that both have, not from one that only one has', () => {
  const { clientOf, send } = streamed(27)
  const [prompt, late] = [clientOf(), clientOf()]
  for (const reaches of [true, true, false, true]) {
    late.line.reaches = reaches
    send([prompt, late])
    prompt.acknowledge()
    late.acknowledge()
  }
  // Both have ticks 2 and 4; 3 was lost on the way to one.
  send([prompt, late])
  expect(late.frames.at(-1)).toEqual(prompt.frames.at(-1))
  expect([late.seen.at(-1), prompt.seen.at(-1)]).toEqual([235, 235])
})

test('B20 one who has just come does not cost the others what is known of the motion, once it has two views', () => {
  const { clientOf, send } = streamed(27)
  const [old, fresh] = [clientOf(), clientOf()]
  for (let round = 0; round < 4; round++) {
    send([old])
    old.acknowledge()
  }
  for (let round = 0; round < 3; round++) {
    send([old, fresh])
    old.acknowledge()
    fresh.acknowledge()
  }
  expect(old.frames.slice(-3).map(({ length }) => length)).toEqual([8, 8, 8])
  expect(fresh.frames.map((frame) => snapshotHead(frame).baselineTick)).toEqual([NO_TICK, 5, 6])
  expect(fresh.frames.at(-1)).toHaveLength(8)
})

test('T3 a view that stands still is sent until it is acknowledged, and then no more', () => {
  const { clientOf, send } = streamed(0)
  const one = clientOf()
  for (let round = 0; round < 3; round++) send([one])
  one.acknowledge()
  for (let round = 0; round < 3; round++) send([one])
  expect(one.frames).toHaveLength(3)
})
