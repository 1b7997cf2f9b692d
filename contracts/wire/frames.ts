import type { Layout, Row, ViewLayout } from '../core/index.ts'
import { BitReader, BitWriter } from './bits.ts'
import { ByteReader, ByteWriter, malformed } from './bytes.ts'
import { type Before, decodeView, encodeView } from './difference.ts'
import { type Plan, planOf, quantise, restore } from './field.ts'
import { MOTION_TICKS_MAX } from './motion.ts'
import { type QuantisedView, ViewPlan } from './view.ts'

/** First byte of a binary room frame. Below 0x80, so that it is never the MessagePack map of another frame. */
export const ROOM_FRAME = { input: 1, snapshot: 2 } as const
export const ROOM_FRAME_TYPE_MAX = 0x7f
/** Type and handle. */
export const ROOM_HEADER_BYTES = 3

/** Inputs in one frame: the new one and repeats of those before it, in case their frames were lost. */
export const INPUTS_PER_FRAME_MAX = 8
/** As far back as a frame can say that its player sees the others. The server believes much less. */
export const BEHIND_TICKS_MAX = 0xff
/** Set in the count of inputs when a byte with `behindTicks` follows it. */
const HAS_BEHIND = 0x80
/** In a snapshot, where it can be written over whatever comes behind it. */
const INPUT_SEQ_AT = ROOM_HEADER_BYTES
/** A snapshot tells this many of the numbers of inputs apart: who sent the inputs knows the rest. */
const INPUT_SEQ_COUNT = 0x10000
/** As an acknowledged tick or a baseline: none. */
export const NO_TICK = 0xffffffff

/** The room's handle in a binary frame; undefined when the frame is too short to have one. */
export function handleOf(frame: Uint8Array): number | undefined {
  const high = frame[1]
  const low = frame[2]
  return high === undefined || low === undefined ? undefined : (high << 8) | low
}

export function setHandle(frame: Uint8Array, handle: number): void {
  frame[1] = handle >>> 8
  frame[2] = handle
}

export interface InputFrame<L extends Layout = Layout> {
  /** The newest snapshot the client has decoded, or NO_TICK. */
  readonly ackTick: number
  /** Number of the last of `inputs`; each player's inputs count from 1. */
  readonly seq: number
  /** Oldest first. */
  readonly inputs: readonly Row<L>[]
  /**
   * How many ticks before `ackTick` the client shows the others, 0 to BEHIND_TICKS_MAX, so that the server can tell what the player saw.
   * Undefined: the client does not say.
   */
  readonly behindTicks?: number | undefined
}

/** Packs and unpacks the inputs of one game. */
export class InputCodec<L extends Layout = Layout> {
  readonly #plan: Plan
  readonly #blank: Readonly<Record<string, number>>
  readonly #writer = new ByteWriter()

  constructor(layout: L) {
    this.#plan = planOf(layout)
    this.#blank = Object.fromEntries(this.#plan.names.map((name) => [name, 0]))
  }

  /** The input as whoever decodes it reads it: clamped, and rounded to the grid of the layout. */
  onGrid(input: Row<L>): Row<L> {
    const settled: Record<string, number> = {}
    for (const [at, field] of this.#plan.fields.entries()) {
      const name = this.#plan.names[at] ?? ''
      settled[name] = restore(field, quantise(field, this.#plan.steps[at] ?? 0, input[name] ?? 0))
    }
    // Every name of the layout has been set; the compiler cannot follow a loop over its keys.
    return settled as Row<L>
  }

  encode(handle: number, { ackTick, seq, inputs, behindTicks }: InputFrame<L>): Uint8Array {
    if (inputs.length > INPUTS_PER_FRAME_MAX) throw new RangeError(`a frame has at most ${INPUTS_PER_FRAME_MAX} inputs`)
    const writer = this.#writer
    writer.reset()
    writer.u8(ROOM_FRAME.input)
    writer.u16(handle)
    writer.u32(ackTick)
    writer.u32(seq)
    if (behindTicks === undefined) writer.u8(inputs.length)
    else {
      writer.u8(inputs.length | HAS_BEHIND)
      writer.u8(Math.min(BEHIND_TICKS_MAX, Math.max(0, Math.round(behindTicks))))
    }
    for (const input of inputs) {
      for (const [at, field] of this.#plan.fields.entries()) {
        writer.varint(quantise(field, this.#plan.steps[at] ?? 0, input[this.#plan.names[at] ?? ''] ?? 0))
      }
    }
    return writer.take()
  }

  /**
   * Inputs up to number `knownSeq`, which are there already, are checked and left out. Throws INVALID_INPUT for anything that is not a whole
   * input frame of this game, down to the last byte.
   */
  decode(frame: Uint8Array, knownSeq = 0): InputFrame<L> {
    const reader = new ByteReader(frame)
    if (reader.u8() !== ROOM_FRAME.input) throw malformed('it is no input frame')
    reader.u16()
    const ackTick = reader.u32()
    const seq = reader.u32()
    const counted = reader.u8()
    const count = counted & ~HAS_BEHIND
    const behindTicks = counted & HAS_BEHIND ? reader.u8() : undefined
    if (count > INPUTS_PER_FRAME_MAX) throw malformed(`it has more than ${INPUTS_PER_FRAME_MAX} inputs`)
    if (count > seq) throw malformed('it has more inputs than their numbers allow')
    const inputs: Row<L>[] = []
    for (let number = seq - count + 1; number <= seq; number++) {
      if (number <= knownSeq) this.#skipInput(reader)
      else inputs.push(this.#readInput(reader))
    }
    if (reader.left > 0) throw malformed('it has bytes after its end')
    return { ackTick, seq, inputs, behindTicks }
  }

  #readInput(reader: ByteReader): Row<L> {
    const { names, fields, steps } = this.#plan
    // A copy has all names from the start, which is quicker than to add them one by one.
    const input: Record<string, number> = { ...this.#blank }
    for (let at = 0; at < names.length; at++) {
      const field = fields[at]
      const quantised = readWithin(reader, steps[at])
      if (field) input[names[at] ?? ''] = restore(field, quantised)
    }
    // Every name of the layout has been read; the compiler cannot follow a loop over its keys.
    return input as Row<L>
  }

  #skipInput(reader: ByteReader): void {
    for (const steps of this.#plan.steps) readWithin(reader, steps)
  }
}

function readWithin(reader: ByteReader, steps = 0): number {
  const quantised = reader.varint()
  if (quantised > steps) throw malformed('an input is out of its range')
  return quantised
}

/** A view that a client has, which another is told as a difference from. */
export interface Baseline {
  readonly tick: number
  readonly view: QuantisedView
}

/** Both of them views that the client has. */
export interface MovingBaseline extends Baseline {
  /** An earlier one, at most MOTION_TICKS_MAX before: what moved since then is expected to move on. */
  readonly earlier?: Baseline | null
}

/** Writes a snapshot. All that clients with the same baselines get differs in `inputSeq` alone, which `setInputSeq` changes. */
export function writeSnapshot(
  writer: ByteWriter,
  plan: ViewPlan,
  handle: number,
  inputSeq: number,
  { tick, view }: Baseline,
  baseline: MovingBaseline | null,
): void {
  writer.u8(ROOM_FRAME.snapshot)
  writer.u16(handle)
  writer.u16(inputSeq & (INPUT_SEQ_COUNT - 1))
  writer.varint(tick)
  writer.varint(baseline ? tick - baseline.tick : 0)
  const bits = new BitWriter(writer)
  const span = baseline ? spanOf(tick, baseline) : 0
  if (baseline) bits.flag(span > 0)
  if (span > 0) bits.bits(span - 1, SPAN_BITS)
  encodeView(bits, plan, view, baseline && before(tick, baseline, span > 0 ? baseline.earlier : null))
  bits.end()
}

const SPAN_BITS = 31 - Math.clz32(MOTION_TICKS_MAX)

/** Ticks over which motion is measured; 0 when it is not to be believed for as long as the baseline is old. */
function spanOf(tick: number, { tick: baselineTick, earlier }: MovingBaseline): number {
  if (!earlier || tick - baselineTick > MOTION_TICKS_MAX) return 0
  const span = baselineTick - earlier.tick
  return span > 0 && span <= MOTION_TICKS_MAX ? span : 0
}

function before(tick: number, baseline: Baseline, earlier: Baseline | null | undefined): Before {
  if (!earlier) return { view: baseline.view, motion: null }
  const reach = { ahead: tick - baseline.tick, span: baseline.tick - earlier.tick }
  return { view: baseline.view, motion: { view: earlier.view, reach } }
}

/** In a snapshot, whoever it was written for. */
export function setInputSeq(frame: Uint8Array, inputSeq: number): void {
  frame[INPUT_SEQ_AT] = inputSeq >>> 8
  frame[INPUT_SEQ_AT + 1] = inputSeq
}

/** The low bits of the number of the last input that a snapshot has, as `setInputSeq` set them. */
export function inputSeqOf(frame: Uint8Array): number {
  return ((frame[INPUT_SEQ_AT] ?? 0) << 8) | (frame[INPUT_SEQ_AT + 1] ?? 0)
}

/** The number of the input that a snapshot tells the low bits of: the last one with those that was sent. */
function fullInputSeq(low: number, sentSeq: number): number {
  const seq = sentSeq - ((((sentSeq - low) % INPUT_SEQ_COUNT) + INPUT_SEQ_COUNT) % INPUT_SEQ_COUNT)
  return seq < 0 ? low : seq
}

/** What stands before the view. */
interface SnapshotHead {
  readonly tick: number
  /** Or NO_TICK: the view is whole. */
  readonly baselineTick: number
  /** The low bits of the number of the last input applied. */
  readonly inputSeq: number
}

/** What a snapshot says of itself, without its view. Throws INVALID_INPUT. */
export function snapshotHead(frame: Uint8Array): SnapshotHead {
  return readHead(new ByteReader(frame))
}

function readHead(reader: ByteReader): SnapshotHead {
  if (reader.u8() !== ROOM_FRAME.snapshot) throw malformed('it is no snapshot')
  reader.u16()
  const inputSeq = reader.u16()
  const tick = reader.varint()
  const age = reader.varint()
  if (age > tick) throw malformed('its baseline is before the first tick')
  return { tick, inputSeq, baselineTick: age === 0 ? NO_TICK : tick - age }
}

export interface Snapshot {
  readonly tick: number
  /** The last of the client's own inputs that the view includes. */
  readonly inputSeq: number
  readonly view: QuantisedView
}

/** Views a client keeps, since any of them may be the baseline of what is under way. */
const BASELINES_KEPT = 64

/** The client's side of the snapshots: keeps the views that later ones are differences from. */
export class SnapshotDecoder<V extends ViewLayout = ViewLayout> {
  readonly plan: ViewPlan<V>
  readonly #views = new Map<number, QuantisedView>()
  /** What to acknowledge: the newest tick decoded. */
  ackTick = NO_TICK

  constructor(layout: V) {
    this.plan = new ViewPlan(layout)
  }

  /**
   * Null for a snapshot that is older than the newest, or whose baseline is gone. `sentSeq` is the number of the last input that this client
   * has sent; without it `inputSeq` begins again after 65,535. Throws INVALID_INPUT when malformed.
   */
  decode(frame: Uint8Array, sentSeq = 0): Snapshot | null {
    const reader = new ByteReader(frame)
    const { tick, baselineTick, inputSeq } = readHead(reader)
    if (this.ackTick !== NO_TICK && tick <= this.ackTick) return null
    const bits = new BitReader(reader)
    const known = this.#before(bits, tick, baselineTick)
    if (known === undefined) return null
    const view = decodeView(bits, this.plan, known)
    bits.end()
    this.#keep(tick, view)
    return { tick, inputSeq: fullInputSeq(inputSeq, sentSeq), view }
  }

  /** What the view is a difference from: null for nothing, undefined when it is gone. */
  #before(bits: BitReader, tick: number, baselineTick: number): Before | null | undefined {
    if (baselineTick === NO_TICK) return null
    const span = bits.flag() ? bits.bits(SPAN_BITS) + 1 : 0
    const view = this.#views.get(baselineTick)
    if (!view) return undefined
    const baseline = { tick: baselineTick, view }
    if (span === 0) return before(tick, baseline, null)
    if (tick - baselineTick > MOTION_TICKS_MAX) throw malformed('it carries motion on for too long')
    const earlier = this.#views.get(baselineTick - span)
    return earlier && before(tick, baseline, { tick: baselineTick - span, view: earlier })
  }

  #keep(tick: number, view: QuantisedView): void {
    this.ackTick = tick
    this.#views.set(tick, view)
    for (const old of this.#views.keys()) {
      if (this.#views.size <= BASELINES_KEPT) break
      this.#views.delete(old)
    }
  }
}
