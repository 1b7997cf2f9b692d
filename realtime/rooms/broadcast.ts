import type { ViewLayout, ViewWriter } from '@meydan/contracts/core'
import {
  ByteWriter,
  encodeSnapshotBody,
  NO_TICK,
  type QuantisedView,
  type SnapshotBody,
  sameView,
  snapshotFrame,
  type ViewPlan,
} from '@meydan/contracts/wire'

/** Views kept as baselines. At a snapshot every 30 ms that is two seconds: whoever acknowledges later gets a full view. */
const VIEWS_KEPT = 64

/** Who gets snapshots, and how far along they are. */
export interface Viewer {
  /** The newest snapshot the client has said it decoded; NO_TICK before the first. */
  readonly ackTick: number
  readonly appliedSeq: number
  send(frame: Uint8Array): void
}

/** What one group of clients sees over time: encodes each view once for all that share a baseline. */
export class ViewStream {
  readonly #plan: ViewPlan
  readonly #views = new Map<number, QuantisedView>()
  readonly #writer = new ByteWriter()
  #last: QuantisedView | undefined
  #changedTick = 0

  constructor(plan: ViewPlan) {
    this.#plan = plan
  }

  /** Collects the view of this tick and sends each viewer the difference from what it has. */
  broadcast(
    handle: number,
    tick: number,
    write: (out: ViewWriter<ViewLayout>) => void,
    viewers: Iterable<Viewer>,
  ): void {
    const view = this.#plan.collect(write)
    if (!this.#last || !sameView(this.#last, view)) {
      this.#last = view
      this.#changedTick = tick
    }
    this.#keep(tick, view)
    const bodies = new Map<number, SnapshotBody>()
    for (const viewer of viewers) {
      // Nothing new for whoever has acknowledged the last change: a turn-based game is silent between moves.
      if (viewer.ackTick !== NO_TICK && viewer.ackTick >= this.#changedTick) continue
      const baselineTick = this.#views.has(viewer.ackTick) ? viewer.ackTick : NO_TICK
      let body = bodies.get(baselineTick)
      if (!body) {
        const baseline = this.#views.get(baselineTick)
        body = encodeSnapshotBody(this.#writer, tick, view, baseline ? { tick: baselineTick, view: baseline } : null)
        bodies.set(baselineTick, body)
      }
      viewer.send(snapshotFrame(handle, viewer.appliedSeq, body))
    }
  }

  #keep(tick: number, view: QuantisedView): void {
    this.#views.set(tick, view)
    for (const old of this.#views.keys()) {
      if (this.#views.size <= VIEWS_KEPT) break
      this.#views.delete(old)
    }
  }
}
