import type { ViewLayout, ViewWriter } from '@meydan/contracts/core'
import {
  type Baseline,
  ByteWriter,
  NO_TICK,
  type QuantisedView,
  sameView,
  setInputSeq,
  type ViewPlan,
  writeSnapshot,
} from '@meydan/contracts/wire'

/** Views kept as baselines. At a snapshot every 30 ms that is two seconds: whoever acknowledges later gets a full view. */
const VIEWS_KEPT = 64

/** Who gets snapshots, and how far along they are. */
export interface Viewer {
  /** The newest snapshot the client has said it decoded; NO_TICK while it has none. */
  readonly ackTick: number
  /** Which of those shortly before it the client has, too: bit 0 is for the tick before. */
  readonly ackedBefore: number
  readonly appliedSeq: number
  /** The frame is lent for the call. */
  send(frame: Uint8Array, tick: number): void
}

/** Viewers that get the same frame. */
interface Group {
  ackTick: number
  ackedBefore: number
}

const UP_TO_DATE = -1

interface Kept extends Baseline {
  tick: number
  view: QuantisedView
}

/** What one group of clients sees over time: encodes each view once for all that share a baseline. */
export class ViewStream {
  readonly #plan: ViewPlan
  readonly #write: (out: ViewWriter<ViewLayout>) => void
  /** A ring, whose views are used again. */
  readonly #kept: Kept[] = []
  #newest = -1
  /** Used again for each broadcast, as is which of them each viewer is in. */
  readonly #groups: Group[] = []
  #groupCount = 0
  readonly #groupOf: number[] = []
  #changedTick = 0

  constructor(plan: ViewPlan, write: (out: ViewWriter<ViewLayout>) => void) {
    this.#plan = plan
    this.#write = write
  }

  /** Collects the view of this tick and sends each viewer the difference from what it has. */
  broadcast(handle: number, tick: number, viewers: readonly Viewer[]): void {
    const before = this.#kept[this.#newest]
    const now = this.#collect(tick)
    if (!before || !sameView(before.view, now.view)) this.#changedTick = tick
    this.#group(viewers)
    for (let index = 0; index < this.#groupCount; index++) {
      const group = this.#groups[index]
      if (group) this.#send(handle, now, group, viewers, index)
    }
  }

  #send(handle: number, now: Baseline, group: Group, viewers: readonly Viewer[], groupIndex: number): void {
    const { ackTick, ackedBefore } = group
    const baseline = this.#find(ackTick)
    const earlier = baseline && ackedBefore !== 0 ? this.#find(ackTick - 1 - lowestBit(ackedBefore)) : null
    writer.reset()
    writeSnapshot(writer, this.#plan, handle, 0, now, baseline && { tick: ackTick, view: baseline.view, earlier })
    // Only the number of the last input tells one's frame from another's. Sending one writes no other view, so it stays until the last has gone.
    const frame = writer.view(0)
    for (let index = 0; index < viewers.length; index++) {
      const viewer = viewers[index]
      if (!viewer || this.#groupOf[index] !== groupIndex) continue
      setInputSeq(frame, viewer.appliedSeq)
      viewer.send(frame, now.tick)
    }
  }

  /** Puts viewers together that have acknowledged the same view and, if any, one other before it: they can share a frame. */
  #group(viewers: readonly Viewer[]): void {
    this.#groupCount = 0
    for (const [index, { ackTick, ackedBefore }] of viewers.entries()) {
      // Nothing new for whoever has acknowledged the last change: a turn-based game is silent between moves.
      const isUpToDate = ackTick !== NO_TICK && ackTick >= this.#changedTick
      this.#groupOf[index] = isUpToDate ? UP_TO_DATE : this.#groupFor(ackTick, ackedBefore)
    }
  }

  #groupFor(ackTick: number, ackedBefore: number): number {
    for (let index = 0; index < this.#groupCount; index++) {
      const group = this.#groups[index]
      if (group?.ackTick !== ackTick) continue
      if (group.ackedBefore !== ackedBefore && (group.ackedBefore & ackedBefore) === 0) continue
      group.ackedBefore &= ackedBefore
      return index
    }
    const index = this.#groupCount++
    const group = this.#groups[index] ?? { ackTick, ackedBefore }
    this.#groups[index] = group
    group.ackTick = ackTick
    group.ackedBefore = ackedBefore
    return index
  }

  #collect(tick: number): Kept {
    this.#newest = (this.#newest + 1) % VIEWS_KEPT
    const oldest = this.#kept[this.#newest]
    if (oldest) {
      oldest.tick = tick
      oldest.view = this.#plan.collect(this.#write, oldest.view)
      return oldest
    }
    const first = { tick, view: this.#plan.collect(this.#write) }
    this.#kept.push(first)
    return first
  }

  /** The view of a tick, if it is still here. Most are asked for a few ticks after. */
  #find(tick: number): Kept | null {
    if (tick === NO_TICK) return null
    for (let back = 1; back < this.#kept.length; back++) {
      const kept = this.#kept[(this.#newest - back + VIEWS_KEPT) % VIEWS_KEPT]
      if (kept?.tick === tick) return kept
    }
    return null
  }
}

/** One for all rooms: what it holds is copied before the next view is written. */
const writer = new ByteWriter()

function lowestBit(mask: number): number {
  return 31 - Math.clz32(mask & -mask)
}
