import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fault, type ViewLayout } from '../core/index.ts'
import {
  ByteWriter,
  encodeSnapshotBody,
  InputCodec,
  NO_TICK,
  SnapshotDecoder,
  snapshotFrame,
  ViewPlan,
} from './index.ts'

const layout = {
  avatars: { x: { min: -10, max: 10, step: 0.01 }, health: { min: 0, max: 100, step: 1 } },
  match: { leftMs: { min: 0, max: 180_000, step: 1 } },
} satisfies ViewLayout

const inputLayout = { moveX: { min: -1, max: 1, step: 0.01 }, fire: { min: 0, max: 1, step: 1 } }

const rows = fc.array(
  fc.record({
    id: fc.integer({ min: 0, max: 65_535 }),
    x: fc.double({ min: -20, max: 20, noNaN: false }),
    health: fc.integer({ min: 0, max: 100 }),
  }),
  { maxLength: 12 },
)

function viewOf(plan: ViewPlan<typeof layout>, some: { id: number; x: number; health: number }[], leftMs: number) {
  return plan.collect((out) => {
    for (const row of some) out.row('avatars', row.id, row)
    out.row('match', 0, { leftMs })
  })
}

test('B10 any sequence of views arrives as it was quantised, whatever the client has acknowledged', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(rows, fc.nat(180_000), fc.boolean()), { maxLength: 8 }), (steps) => {
      const plan = new ViewPlan(layout)
      const decoder = new SnapshotDecoder(layout)
      const sent = new Map<number, ReturnType<typeof viewOf>>()
      for (const [index, [some, leftMs, arrives]] of steps.entries()) {
        const tick = index + 1
        const view = viewOf(plan, some, leftMs)
        const known = sent.get(decoder.ackTick)
        const baseline = known ? { tick: decoder.ackTick, view: known } : null
        sent.set(tick, view)
        const frame = snapshotFrame(7, 3, encodeSnapshotBody(new ByteWriter(), tick, view, baseline))
        if (!arrives) continue
        expect(decoder.decode(frame)).toEqual({ tick, inputSeq: 3, view })
      }
    }),
  )
})

test('B11 a value is off by half a step at most, clamped, and never NaN', () => {
  const plan = new ViewPlan(layout)
  const view = viewOf(
    plan,
    [
      { id: 1, x: 3.1377, health: 250 },
      { id: 2, x: Number.NaN, health: 5 },
    ],
    0,
  )
  const { avatars } = plan.tablesOf(view)
  expect(avatars.get(1)?.x).toBeCloseTo(3.14, 6)
  expect(avatars.get(1)?.health).toBe(100)
  expect(avatars.get(2)?.x).toBe(-10)
})

test('B12 garbage is refused with a code, and ends', () => {
  const decoder = new SnapshotDecoder(layout)
  const codec = new InputCodec(inputLayout)
  const refused = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      expect(error).toBeInstanceOf(Fault)
    }
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.constantFrom(1, 2), (bytes, type) => {
      const frame = Uint8Array.of(type, ...bytes)
      refused(() => decoder.decode(frame))
      refused(() => codec.decode(frame))
    }),
    { numRuns: 2_000 },
  )
})

test('B13 inputs arrive as they were quantised, and out of range or too long is refused', () => {
  const codec = new InputCodec(inputLayout)
  const frame = codec.encode(9, {
    ackTick: NO_TICK,
    seq: 2,
    inputs: [
      { moveX: 0.5, fire: 1 },
      { moveX: 99, fire: 0 },
    ],
  })
  const decoded = codec.decode(frame)
  expect(decoded.inputs[0]?.moveX).toBeCloseTo(0.5, 6)
  expect(decoded.inputs[1]?.moveX).toBeCloseTo(1, 6)
  expect(() => codec.decode(Uint8Array.of(...frame, 0))).toThrow(/after its end/)
  expect(() => codec.decode(frame.slice(0, -1))).toThrow(/too soon/)
})

test('B16 a frame of inputs may say how far behind its player sees the others; one that does not is as it always was', () => {
  const codec = new InputCodec(inputLayout)
  const inputs = [{ moveX: 0, fire: 1 }]
  const frame = (behindTicks?: number) => codec.encode(9, { ackTick: 40, seq: 7, inputs, behindTicks })
  expect(codec.decode(frame(5))).toEqual({ ackTick: 40, seq: 7, inputs, behindTicks: 5 })
  expect(codec.decode(frame())).toEqual({ ackTick: 40, seq: 7, inputs })
  expect(frame(5).length).toBe(frame().length + 1)
  for (const [told, read] of [
    [-3, 0],
    [4_000, 255],
    [5.4, 5],
  ] as const) {
    expect(codec.decode(frame(told)).behindTicks).toBe(read)
  }
})
