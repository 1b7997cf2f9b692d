import { Fault, type Layout, type Row, type ViewLayout } from '@meydan/contracts/core'
import {
  InputCodec,
  type InputFrame,
  NO_TICK,
  type Snapshot,
  SnapshotDecoder,
  snapshotHead,
} from '@meydan/contracts/wire'
import { PERFECT } from './link.ts'
import type { Line, World } from './world.ts'

/** A client that writes its frames as it likes. It has the best line there is. */
export interface Cheat<In extends Layout> {
  readonly seat: number
  readonly line: Line
  readonly codec: InputCodec<In>
  /** The newest snapshot it has decoded. */
  readonly newest: Snapshot | undefined
  readonly ackTick: number
  /** Snapshots that came whole, without a baseline. */
  readonly wholes: number
  /** Sends a frame that is well formed and says whatever is given; unless given, it says what is true. */
  say(frame: Partial<InputFrame<In>>): void
  /** One honest input: numbered, and acknowledging. */
  play(input: Row<In>, behindTicks?: number): void
}

export async function seatCheat<In extends Layout, V extends ViewLayout>(
  world: World,
  playerId: string,
  game: { readonly inputLayout: In; readonly viewLayout: V },
): Promise<Cheat<In>> {
  const decoder = new SnapshotDecoder(game.viewLayout)
  const codec = new InputCodec(game.inputLayout)
  let newest: Snapshot | undefined
  let wholes = 0
  let seq = 0
  const line = await world.connect(playerId, PERFECT, PERFECT, (frame) => {
    if (snapshotHead(frame).baselineTick === NO_TICK) wholes++
    newest = decodeOr(decoder, frame, seq) ?? newest
  })
  return {
    seat: line.joined.seat,
    line,
    codec,
    get newest() {
      return newest
    },
    get ackTick() {
      return decoder.ackTick
    },
    get wholes() {
      return wholes
    },
    say: (frame) =>
      line.send(codec.encode(line.joined.handle, { ackTick: decoder.ackTick, seq, inputs: [], ...frame })),
    play(input, behindTicks) {
      seq++
      line.send(codec.encode(line.joined.handle, { ackTick: decoder.ackTick, seq, inputs: [input], behindTicks }))
    },
  }
}

/** Who lies about what it has gets differences from what it has not. */
function decodeOr(decoder: SnapshotDecoder, frame: Uint8Array, sentSeq: number): Snapshot | undefined {
  try {
    return decoder.decode(frame, sentSeq) ?? undefined
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    return undefined
  }
}
