/** A set of listeners; `on` gives the function that takes the listener off again. */
export class Emitter<A extends readonly unknown[]> {
  readonly #listeners = new Set<(...args: A) => void>()

  readonly on = (listener: (...args: A) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  emit(...args: A): void {
    for (const listener of [...this.#listeners]) listener(...args)
  }
}
