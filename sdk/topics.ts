/** Topics that somebody here wants to hear of, besides the player's own, watched from one session to the next. */
export class Topics {
  /** How many here want each. */
  readonly #wanted = new Map<string, number>()
  /** Which of them the session watches. */
  readonly #watched = new Set<string>()
  readonly #ask: (topic: string) => Promise<void>

  /** `ask` has the session watch a topic. */
  constructor(ask: (topic: string) => Promise<void>) {
    this.#ask = ask
  }

  /** Whether some that are wanted are not watched. */
  get areUnheard(): boolean {
    return this.#watched.size < this.#wanted.size
  }

  /** Resolves when what is told from now on will be heard. Rejects when the server will not have it; then it is not wanted either. */
  async want(topic: string): Promise<void> {
    this.#wanted.set(topic, (this.#wanted.get(topic) ?? 0) + 1)
    try {
      await this.#watch(topic)
    } catch (error) {
      this.leave(topic)
      throw error
    }
  }

  /** Whether nobody here wants it any more. */
  leave(topic: string): boolean {
    const left = (this.#wanted.get(topic) ?? 0) - 1
    if (left > 0) this.#wanted.set(topic, left)
    else this.#wanted.delete(topic)
    if (left > 0) return false
    this.#watched.delete(topic)
    return true
  }

  /** A session has begun, which watches nothing yet, or gone on (`resumed`). Resolves when it watches what it can. */
  async welcome(resumed: boolean): Promise<void> {
    if (!resumed) this.#watched.clear()
    await Promise.allSettled([...this.#wanted.keys()].map((topic) => this.#watch(topic)))
  }

  async #watch(topic: string): Promise<void> {
    if (this.#watched.has(topic)) return
    await this.#ask(topic)
    if (this.#wanted.has(topic)) this.#watched.add(topic)
  }
}
