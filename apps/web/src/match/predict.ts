import { type ArenaInput, moveAvatar, stepsPerTick } from '@meydan/games/arena'

interface Sent {
  readonly seq: number
  readonly input: ArenaInput
}

/** Beyond this many unanswered inputs the link is so bad that guessing on would only mislead. */
const PENDING_MAX = 120

/** The player's own avatar as the server has it. */
export interface Own {
  readonly x: number
  readonly y: number
  readonly hasteEndsTick: number
}

/** Where the player's own avatar is by the same rules the server plays, ahead of the server's answer. */
export class Prediction {
  #pending: Sent[] = []
  #body: { x: number; y: number } | undefined
  /** The tick the body has been played to: one input is one tick. */
  #tick = 0
  #hasteEndsTick = 0

  get position(): { readonly x: number; readonly y: number } | undefined {
    return this.#body
  }

  /** One tick of the player's own input, at once. */
  apply(seq: number, input: ArenaInput): void {
    this.#pending.push({ seq, input })
    if (this.#pending.length > PENDING_MAX) this.#pending.shift()
    if (this.#body) this.#move(this.#body, input)
  }

  /** The server's word at a tick: from there, inputs it has not seen yet are played again. */
  correct(at: Own, tick: number, appliedSeq: number): void {
    this.#pending = this.#pending.filter(({ seq }) => seq > appliedSeq)
    const body = { x: at.x, y: at.y }
    this.#tick = tick
    this.#hasteEndsTick = at.hasteEndsTick
    for (const { input } of this.#pending) this.#move(body, input)
    this.#body = body
  }

  /** Dead, or not there: nothing to predict. */
  reset(): void {
    this.#pending = []
    this.#body = undefined
  }

  #move(body: { x: number; y: number }, input: ArenaInput): void {
    this.#tick++
    moveAvatar(body, input, stepsPerTick(this.#hasteEndsTick, this.#tick))
  }
}
