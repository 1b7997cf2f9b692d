import type { Layout, Row } from '@meydan/contracts/core'
import type { InputFrame } from '@meydan/contracts/wire'

/** Inputs of one seat that wait; more push out the oldest, so that what a player wants now is heard. */
const QUEUE_MAX = 32
/** From this many waiting on, a tick takes several, so that a burst after a stall does not become lasting delay. */
const BACKLOG = 2
const PER_TICK_MAX = 4
/**
 * Inputs a seat may make up for: one for each tick that took none. Without this a client that sends four inputs a tick would have
 * four taken in every tick, and in a game where an input is a move it would move four times as often.
 */
const CREDIT_MAX = QUEUE_MAX
/** For the delay of the very first inputs, which may be longer than that of those behind them. */
const CREDIT_FIRST = 4

interface Waiting {
  readonly seq: number
  readonly input: Row<Layout>
  readonly seenTick: number | undefined
}

/** The inputs of one seat on their way into the game: in order, each once, and in the long run one a tick. */
export class InputQueue {
  #waiting: Waiting[] = []
  /** The newest input that has come. */
  receivedSeq = 0
  #credit = CREDIT_FIRST
  #seenTick = Number.NEGATIVE_INFINITY
  /** The last input that the game has been given. */
  appliedSeq = 0

  /** A new connection numbers its inputs from the beginning again. What the seat may make up for stays as it was. */
  restart(): void {
    this.#waiting = []
    this.receivedSeq = 0
    this.#seenTick = Number.NEGATIVE_INFINITY
    this.appliedSeq = 0
  }

  /** Takes what is new in a frame; repeats and old ones are dropped. `seenTick` is what the player was looking at for the last of them. */
  receive({ seq, inputs }: InputFrame, seenTick?: number): void {
    const firstSeq = seq - inputs.length + 1
    for (let index = 0; index < inputs.length; index++) {
      const input = inputs[index]
      if (!input || firstSeq + index <= this.receivedSeq) continue
      this.receivedSeq = firstSeq + index
      this.#waiting.push({
        seq: this.receivedSeq,
        input,
        seenTick: this.#seenWith(seenTick, inputs.length - 1 - index),
      })
    }
    if (this.#waiting.length > QUEUE_MAX) this.#waiting.splice(0, this.#waiting.length - QUEUE_MAX)
  }

  /** Inputs are made a tick apart, and the screen moved on with them; time on it never ran back. */
  #seenWith(seenTick: number | undefined, ticksBefore: number): number | undefined {
    if (seenTick === undefined) return undefined
    this.#seenTick = Math.max(this.#seenTick, seenTick - ticksBefore)
    return this.#seenTick
  }

  /** For this tick: usually one. Of what waits without a tick to make up for, the oldest is lost. */
  drain(apply: (input: Row<Layout>, seenTick: number | undefined) => void): void {
    this.#credit = Math.min(CREDIT_MAX, this.#credit + 1)
    // One is left to wait: with none in hand, the next late frame would make the seat repeat itself.
    const wanted = this.#waiting.length > BACKLOG ? Math.min(PER_TICK_MAX, this.#waiting.length - 1) : 1
    for (let taken = 0; taken < wanted && this.#credit > 0; taken++) {
      const next = this.#waiting.shift()
      if (!next) return
      this.#credit--
      this.appliedSeq = next.seq
      apply(next.input, next.seenTick)
    }
    if (this.#credit === 0 && this.#waiting.length > BACKLOG) this.#waiting.splice(0, this.#waiting.length - BACKLOG)
  }
}
