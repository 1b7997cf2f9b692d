import { INPUTS_PER_FRAME_MAX, LEVEL_MAX, Throttle } from '@meydan/contracts/wire'

/** So much may wait on this machine: a few frames of other calls. More says that the network takes nothing now. */
const WAITING_BYTES_MAX = 2_048
/** Frames of which it is remembered when they left. */
const UNDER_WAY_MAX = 64
/** When nothing was applied for so long, frames go as seldom as they can until something is. */
const SILENCE_MS = 1_000

/**
 * When inputs leave, and how many in a frame. Over a link that keeps up each goes at once, with the two before it again: of frames that are
 * lost one in ten, all three of an input's are one time in a thousand. Over one that falls behind (by how long inputs take to be
 * applied, or by what waits on this machine) frames carry up to eight inputs, and go as much less often.
 */
export class Uplink<Input> {
  /** Number of the last input. */
  seq = 0
  /** Number of the last input that has left. */
  sentSeq = 0
  readonly #throttle = new Throttle()
  /** The last few, oldest first. */
  #recent: Input[] = []
  #underWay: { readonly seq: number; readonly atMs: number }[] = []

  /** Takes the next input, and gives its number. */
  push(input: Input): number {
    this.#recent.push(input)
    if (this.#recent.length > INPUTS_PER_FRAME_MAX) this.#recent.shift()
    return ++this.seq
  }

  /** The inputs to send now, the last one last; undefined: none yet. `waitingBytes` have not left this machine. */
  due(nowMs: number, waitingBytes: number): readonly Input[] | undefined {
    const unsent = this.seq - this.sentSeq
    if (unsent < 2 ** this.#level(nowMs) || waitingBytes > WAITING_BYTES_MAX) return undefined
    this.sentSeq = this.seq
    // The oldest ones are kept: they are what is waited for.
    if (this.#underWay.length < UNDER_WAY_MAX) this.#underWay.push({ seq: this.seq, atMs: nowMs })
    // Whatever one lost frame takes with it, the next brings again.
    return this.#recent.slice(-(2 * unsent + 1))
  }

  /** The server has applied the inputs up to this one. */
  applied(seq: number, nowMs: number): void {
    const at = this.#underWay.findLastIndex((frame) => frame.seq <= seq)
    const frame = this.#underWay[at]
    if (!frame) return
    this.#underWay.splice(0, at + 1)
    this.#throttle.add(nowMs - frame.atMs, nowMs)
  }

  #level(nowMs: number): number {
    const [oldest] = this.#underWay
    return oldest && nowMs - oldest.atMs > SILENCE_MS ? LEVEL_MAX : this.#throttle.level
  }
}
