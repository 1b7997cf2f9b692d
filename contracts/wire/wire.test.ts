import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Fault, type ViewLayout } from '../core/index.ts'
import {
  type Baseline,
  ByteWriter,
  InputCodec,
  NO_TICK,
  type QuantisedView,
  SnapshotDecoder,
  setInputSeq,
  ViewPlan,
  writeSnapshot,
} from './index.ts'

const layout = {
  avatars: { x: { min: -10, max: 10, step: 0.01 }, health: { min: 0, max: 100, step: 1 } },
  match: { leftMs: { min: 0, max: 180_000, step: 1 }, wide: { min: 0, max: 0x7fffffff, step: 1 } },
} satisfies ViewLayout

const inputLayout = { moveX: { min: -1, max: 1, step: 0.01 }, fire: { min: 0, max: 1, step: 1 } }

const rows = fc.array(
  fc.record({
    // Mostly the same few, so that rows stay, move and go.
    id: fc.oneof(fc.integer({ min: 0, max: 8 }), fc.integer({ min: 0, max: 65_535 })),
    x: fc.double({ min: -20, max: 20, noNaN: false }),
    health: fc.integer({ min: 0, max: 100 }),
  }),
  { maxLength: 12 },
)
const seconds = fc.record({
  leftMs: fc.nat(180_000),
  wide: fc.oneof(fc.nat(0x7fffffff), fc.constantFrom(0, 0x7fffffff)),
})
/** A view, how long after the one before, and whether it arrives. */
const steps = fc.array(
  fc.tuple(rows, seconds, fc.oneof(fc.integer({ min: 1, max: 3 }), fc.nat(100_000)), fc.boolean()),
  {
    maxLength: 12,
  },
)

type Some = { id: number; x: number; health: number }[]

function viewOf(plan: ViewPlan<typeof layout>, some: Some, leftMs: number, wide = 0) {
  return plan.collect((out) => {
    for (const row of some) out.row('avatars', row.id, row)
    out.row('match', 0, { leftMs, wide })
  })
}

/** A room's side and a client's: what is sent differs from what the client has, carried on from what it had `back` views before. */
class Link {
  readonly plan = new ViewPlan(layout)
  readonly decoder = new SnapshotDecoder(layout)
  readonly #had: Baseline[] = []
  #tick = 0

  frameOf(view: QuantisedView, later: number, back = 0, inputSeq = 3): { frame: Uint8Array; tick: number } {
    this.#tick += Math.max(1, later)
    const newest = this.#had.at(-1)
    const earlier = back > 0 ? (this.#had.at(-1 - back) ?? null) : null
    const writer = new ByteWriter()
    writeSnapshot(writer, this.plan, 7, inputSeq, { tick: this.#tick, view }, newest ? { ...newest, earlier } : null)
    return { frame: writer.take(), tick: this.#tick }
  }

  /** A snapshot that arrives. */
  send(view: QuantisedView, later = 1, back = 0): Uint8Array {
    const { frame, tick } = this.frameOf(view, later, back)
    expect(this.decoder.decode(frame)).toEqual({ tick, inputSeq: 3, view })
    this.#had.push({ tick, view })
    return frame
  }
}

test('B10 B20 any sequence of views arrives as it was quantised, whatever the client has, had before, and has missed', () => {
  fc.assert(
    fc.property(steps, fc.array(fc.nat(3), { minLength: 12, maxLength: 12 }), (sequence, backs) => {
      const link = new Link()
      for (const [index, [some, { leftMs, wide }, later, arrives]] of sequence.entries()) {
        const view = viewOf(link.plan, some, leftMs, wide)
        if (arrives) link.send(view, later, backs[index])
        else link.frameOf(view, later, backs[index])
      }
    }),
    { numRuns: 500 },
  )
})

test('B20 what goes on as it went costs next to nothing, and what stops or turns arrives all the same', () => {
  const placesAt = (x: number): Some => Array.from({ length: 20 }, (_, id) => ({ id, x: x + id / 10, health: 50 }))
  const lengthsAt = (xs: readonly number[], back: number) => {
    const link = new Link()
    return xs.map((x) => link.send(viewOf(link.plan, placesAt(x), 0), 1, back).length)
  }
  const straight = [0, 0.3, 0.6, 0.9, 1.2, 1.5]
  expect(lengthsAt(straight, 1).slice(2)).toEqual([8, 8, 8, 8])
  expect(Math.min(...lengthsAt(straight, 0))).toBeGreaterThan(20)
  lengthsAt([0, 0.3, 0.6, 0.6, 0.6, -0.2, 5, -9.99], 1)
})

test('B20 an angle that passes zero has moved by little', () => {
  const turning = { heads: { aim: { min: 0, max: 1_023, step: 1 } } }
  const plan = new ViewPlan(turning)
  const at = (tick: number) => ({
    tick,
    view: plan.collect((out) => out.row('heads', 0, { aim: (1_000 + 9 * tick) % 1_024 })),
  })
  const lengths = [3, 4, 5].map((tick) => {
    const writer = new ByteWriter()
    writeSnapshot(writer, plan, 7, 0, at(tick), { ...at(tick - 1), earlier: at(tick - 2) })
    return writer.length
  })
  expect(lengths).toEqual([8, 8, 8])
})

test('B20 motion is carried on for sixteen ticks and no longer', () => {
  const lengthAfter = (later: number) => {
    const link = new Link()
    const at = (x: number) => viewOf(link.plan, [{ id: 0, x, health: 9 }], 0)
    for (const x of [0, 0.3]) link.send(at(x))
    return link.send(at(0.3 * (later + 1)), later, 1).length
  }
  expect(lengthAfter(16)).toBe(8)
  expect(lengthAfter(17)).toBeGreaterThan(8)
})

test('B21 a snapshot tells the last input applied, also after 65,536 of them', () => {
  for (const [applied, sent] of [
    [0, 0],
    [3, 5],
    [65_535, 65_540],
    [65_536, 65_540],
    [200_000, 200_000],
    [131_071, 131_073],
  ] as const) {
    const link = new Link()
    const { frame } = link.frameOf(viewOf(link.plan, [], 0), 1, 0, applied)
    expect(link.decoder.decode(frame, sent)?.inputSeq).toBe(applied)
    setInputSeq(frame, applied + 1)
    expect(new SnapshotDecoder(layout).decode(frame, sent + 1)?.inputSeq).toBe(applied + 1)
  }
})

test('B12 a frame that was changed on its way is refused, or shows values of the layout; a refused one changes nothing', () => {
  const changes = fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(rows, rows, rows, changes, fc.nat(60), (a, b, c, changed, length) => {
      const link = new Link()
      link.send(viewOf(link.plan, a, 1))
      link.send(viewOf(link.plan, b, 2), 1, 1)
      const frame = link.frameOf(viewOf(link.plan, c, 3), 1, 1).frame.slice(0, 6 + length)
      for (const [at, byte] of changed) frame[at % frame.length] = byte
      const before = link.decoder.ackTick
      try {
        const snapshot = link.decoder.decode(frame)
        for (const [index, table] of (snapshot?.view ?? []).entries()) {
          const largest = link.plan.plans[index]?.steps ?? []
          for (const [at, value] of table.values.entries()) {
            expect(value).toBeGreaterThanOrEqual(0)
            expect(value).toBeLessThanOrEqual(largest[at % table.width] ?? 0)
          }
        }
      } catch (error) {
        expect(error).toBeInstanceOf(Fault)
        expect(link.decoder.ackTick).toBe(before)
      }
    }),
    { numRuns: 2_000 },
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
