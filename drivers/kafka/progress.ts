/** How far one partition has been read and handled, whatever the order in which its records are done. */
export interface Progress {
  /** Where to read on. */
  readonly position: bigint
  /** Everything before it is done: what is committed. */
  readonly committable: bigint
  /** Records read and not yet committable. */
  readonly outstanding: number
  /** A record has been read; the function says that it is done. */
  take(offset: bigint): () => void
  /** Everything before this offset has been read. */
  advance(position: bigint): void
}

export function createProgress(start: bigint): Progress {
  const line: { readonly offset: bigint; done: boolean }[] = []
  let position = start
  return {
    get position() {
      return position
    },
    get committable() {
      return line[0]?.offset ?? position
    },
    get outstanding() {
      return line.length
    },
    take(offset) {
      const entry = { offset, done: false }
      line.push(entry)
      position = offset + 1n
      return () => {
        entry.done = true
        const undone = line.findIndex(({ done }) => !done)
        line.splice(0, undone < 0 ? line.length : undone)
      }
    },
    advance(to) {
      if (to > position) position = to
    },
  }
}
