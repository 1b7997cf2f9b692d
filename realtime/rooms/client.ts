import type { Viewer } from './broadcast.ts'
import type { RoomSink } from './face.ts'
import type { InputQueue } from './inputs.ts'
import { Pace } from './pace.ts'
import { Sight } from './sight.ts'

/** What tells a client how many of its inputs a snapshot has; who watches has none. */
type Applied = Pick<InputQueue, 'appliedSeq'>

/** One connection's place in a room: where its snapshots go, and what it has of them. */
export class Client implements Viewer {
  readonly sink: RoomSink
  readonly pace: Pace
  readonly sight = new Sight()
  readonly #inputs: Applied

  constructor(sink: RoomSink, inputs: Applied, tickMs: number, sendEveryTicks: number) {
    this.sink = sink
    this.pace = new Pace(tickMs, sendEveryTicks)
    this.#inputs = inputs
  }

  get ackTick(): number {
    return this.pace.ackTick
  }

  get ackedBefore(): number {
    return this.pace.ackedBefore
  }

  get appliedSeq(): number {
    return this.#inputs.appliedSeq
  }

  send(frame: Uint8Array, tick: number): void {
    this.pace.sent(tick)
    this.sink.frame(frame)
  }
}
