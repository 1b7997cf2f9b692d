import type { Layout, Row, ViewLayout } from '../core/index.ts'
import { ByteReader, ByteWriter, malformed } from './bytes.ts'
import { type Plan, planOf, quantise, restore } from './field.ts'
import { decodeView, encodeView, type QuantisedView, ViewPlan } from './view.ts'

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
const SNAPSHOT_HEADER_BYTES = ROOM_HEADER_BYTES + 12
/** As an acknowledged tick or a baseline: none. */
export const NO_TICK = 0xffffffff

/** The room's handle in a binary frame; undefined when the frame is too short to have one. */
export function handleOf(frame: Uint8Array): number | undefined {
  const [, high, low] = frame
  return high === undefined || low === undefined ? undefined : (high << 8) | low
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
  readonly #writer = new ByteWriter()

  constructor(layout: L) {
    this.#plan = planOf(layout)
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

  /** Throws INVALID_INPUT for anything that is not a whole input frame of this game, down to the last byte. */
  decode(frame: Uint8Array): InputFrame<L> {
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
    const inputs = Array.from({ length: count }, () => this.#readInput(reader))
    if (reader.left > 0) throw malformed('it has bytes after its end')
    return behindTicks === undefined ? { ackTick, seq, inputs } : { ackTick, seq, inputs, behindTicks }
  }

  #readInput(reader: ByteReader): Row<L> {
    const input: Record<string, number> = {}
    for (const [at, field] of this.#plan.fields.entries()) {
      const quantised = reader.varint()
      if (quantised > (this.#plan.steps[at] ?? 0)) throw malformed('an input is out of its range')
      input[this.#plan.names[at] ?? ''] = restore(field, quantised)
    }
    // Every name of the layout has been read; the compiler cannot follow a loop over its keys.
    return input as Row<L>
  }
}

/** The part of a snapshot that every client with the same baseline gets alike. */
export interface SnapshotBody {
  readonly tick: number
  /** NO_TICK: the body is the whole view. */
  readonly baselineTick: number
  readonly bytes: Uint8Array
}

export function encodeSnapshotBody(
  writer: ByteWriter,
  tick: number,
  view: QuantisedView,
  baseline: { readonly tick: number; readonly view: QuantisedView } | null,
): SnapshotBody {
  writer.reset()
  encodeView(writer, view, baseline?.view ?? null)
  return { tick, baselineTick: baseline?.tick ?? NO_TICK, bytes: writer.take() }
}

/** A snapshot for one client: the shared body behind a header of its own. */
export function snapshotFrame(handle: number, inputSeq: number, body: SnapshotBody): Uint8Array {
  const frame = new Uint8Array(SNAPSHOT_HEADER_BYTES + body.bytes.length)
  const fields = new DataView(frame.buffer)
  fields.setUint8(0, ROOM_FRAME.snapshot)
  fields.setUint16(1, handle)
  fields.setUint32(3, body.tick)
  fields.setUint32(7, body.baselineTick)
  fields.setUint32(11, inputSeq)
  frame.set(body.bytes, SNAPSHOT_HEADER_BYTES)
  return frame
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

  /** Null for a snapshot that is older than the newest, or whose baseline is gone. Throws INVALID_INPUT when malformed. */
  decode(frame: Uint8Array): Snapshot | null {
    const reader = new ByteReader(frame)
    if (reader.u8() !== ROOM_FRAME.snapshot) throw malformed('it is no snapshot')
    reader.u16()
    const tick = reader.u32()
    const baselineTick = reader.u32()
    const inputSeq = reader.u32()
    if (this.ackTick !== NO_TICK && tick <= this.ackTick) return null
    const baseline = baselineTick === NO_TICK ? null : this.#views.get(baselineTick)
    if (baseline === undefined) return null
    const view = decodeView(reader, this.plan, baseline)
    if (reader.left > 0) throw malformed('it has bytes after its end')
    this.#keep(tick, view)
    return { tick, inputSeq, view }
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
