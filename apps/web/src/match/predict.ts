import { type ArenaInput, moveAvatar } from '@meydan/games/arena'

interface Sent {
  readonly seq: number
  readonly input: ArenaInput
}

/** Beyond this many unanswered inputs the link is so bad that guessing on would only mislead. */
const PENDING_MAX = 120

/** Where the player's own avatar is by the same rules the server plays, ahead of the server's answer. */
export class Prediction {
  #pending: Sent[] = []
  #body: { x: number; y: number } | undefined

  get position(): { readonly x: number; readonly y: number } | undefined {
    return this.#body
  }

  /** One tick of the player's own input, at once. */
  apply(seq: number, input: ArenaInput): void {
    this.#pending.push({ seq, input })
    if (this.#pending.length > PENDING_MAX) this.#pending.shift()
    if (this.#body) moveAvatar(this.#body, input)
  }

  /** The server's word: from there, inputs it has not seen yet are played again. */
  correct(at: { readonly x: number; readonly y: number }, appliedSeq: number): void {
    this.#pending = this.#pending.filter(({ seq }) => seq > appliedSeq)
    const body = { x: at.x, y: at.y }
    for (const { input } of this.#pending) moveAvatar(body, input)
    this.#body = body
  }

  /** Dead, or not there: nothing to predict. */
  reset(): void {
    this.#pending = []
    this.#body = undefined
  }
}
