/** How an event stands to what was heard before of its topic. `gap`: something between the two was missed. */
type Heard = 'next' | 'gap' | 'again'

/** Where this client is in each topic that it watches: the number of the last event that it has heard, or was told of. */
export class Positions {
  readonly #seqs = new Map<string, number>()
  /** An older server tells no positions, and does not know what to do with them. */
  #areTold = false

  /** A new session has begun: nothing of what was before counts. */
  begin(topics: Readonly<Record<string, number>> | undefined): void {
    this.#seqs.clear()
    this.#areTold = topics !== undefined
    this.add(topics ?? {})
  }

  /** Topics that are watched from now on; of those that were, more is known here. */
  add(topics: Readonly<Record<string, number>>): void {
    for (const [topic, seq] of Object.entries(topics)) if (!this.#seqs.has(topic)) this.#seqs.set(topic, seq)
  }

  /** Nothing is asked for of it any more. */
  forget(topic: string): void {
    this.#seqs.delete(topic)
  }

  hear(topic: string, seq: number): Heard {
    const last = this.#seqs.get(topic)
    if (last !== undefined && seq <= last) return 'again'
    this.#seqs.set(topic, seq)
    return last === undefined || seq === last + 1 ? 'next' : 'gap'
  }

  /** What another gateway needs to go on from here; undefined where the server could not. */
  get all(): Record<string, number> | undefined {
    return this.#areTold ? Object.fromEntries(this.#seqs) : undefined
  }
}
