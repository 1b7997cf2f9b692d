import type { Layout, Row } from '@meydan/contracts/core'
import type { InputFrame } from '@meydan/contracts/wire'

/** Inputs of one seat that wait; more push out the oldest, so that what a player wants now is heard. */
const QUEUE_MAX = 32
/** From this many waiting on, a tick takes several, so that a burst after a stall does not become lasting delay. */
const BACKLOG = 2
const PER_TICK_MAX = 4

/** The inputs of one seat on their way into the game: in order, each once. */
export class InputQueue {
  #waiting: { seq: number; input: Row<Layout> }[] = []
  #receivedSeq = 0
  /** The last input that the game has been given. */
  appliedSeq = 0

  /** A new connection numbers its inputs from the beginning again. */
  restart(): void {
    this.#waiting = []
    this.#receivedSeq = 0
    this.appliedSeq = 0
  }

  /** Takes what is new in a frame; repeats and old ones are dropped. */
  receive({ seq, inputs }: InputFrame): void {
    const firstSeq = seq - inputs.length + 1
    for (const [index, input] of inputs.entries()) {
      if (firstSeq + index <= this.#receivedSeq) continue
      this.#receivedSeq = firstSeq + index
      this.#waiting.push({ seq: this.#receivedSeq, input })
    }
    if (this.#waiting.length > QUEUE_MAX) this.#waiting.splice(0, this.#waiting.length - QUEUE_MAX)
  }

  /** For this tick: usually one. */
  drain(apply: (input: Row<Layout>) => void): void {
    const count = this.#waiting.length > BACKLOG ? PER_TICK_MAX : 1
    for (let taken = 0; taken < count; taken++) {
      const next = this.#waiting.shift()
      if (!next) return
      this.appliedSeq = next.seq
      apply(next.input)
    }
  }
}
