/** Lets so many in at a time; the others wait in line. */
export interface Gate {
  run<R>(work: () => Promise<R>): Promise<R>
}

export function createGate(max: number): Gate {
  let inside = 0
  const line: (() => void)[] = []
  return {
    async run(work) {
      if (inside >= max) await new Promise<void>((enter) => line.push(enter))
      else inside++
      try {
        return await work()
      } finally {
        // Whoever is next takes the place over, so that nobody slips in between.
        const next = line.shift()
        if (next) next()
        else inside--
      }
    },
  }
}
