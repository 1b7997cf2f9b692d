/**
 * The key of what is asked for once. The same content keeps its key, so that trying again after a lost answer, or a second press,
 * asks for it once; what was changed since is something else, and has another key.
 */
export class Keys {
  #content: string | null = null
  #key = ''
  readonly #make: () => string

  constructor(make: () => string = randomKey) {
    this.#make = make
  }

  of(content: string): string {
    if (content !== this.#content) this.#key = this.#make()
    this.#content = content
    return this.#key
  }

  /** It has arrived: the same content again is meant. */
  forget(): void {
    this.#content = null
  }
}

const KEY_BYTES = 16

/** Not `randomUUID`, which is not there on plain http. */
export function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(KEY_BYTES)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('')
}
