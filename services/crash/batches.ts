/** Work that is done for many at a time. */
export interface Batches<T, R> {
  /** Resolves with what came of this one. */
  add(item: T): Promise<R>
  /** Waits for everything that was added. */
  idle(): Promise<void>
}

interface Waiting<T, R> {
  readonly item: T
  readonly resolve: (result: R) => void
  readonly reject: (error: unknown) => void
}

/** What comes while a batch is under way shares the next one, in its order. `run` gives as many results as it got items, or throws for all of them. */
export function batched<T, R>(run: (items: readonly T[]) => Promise<readonly R[]>, batchMax: number): Batches<T, R> {
  let waiting: Waiting<T, R>[] = []
  let running: Promise<void> | undefined

  const runBatch = async (batch: readonly Waiting<T, R>[]): Promise<void> => {
    try {
      const results = await run(batch.map(({ item }) => item))
      for (const [index, result] of results.entries()) batch[index]?.resolve(result)
    } catch (error) {
      for (const { reject } of batch) reject(error)
    }
  }

  const runAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchMax)
      waiting = waiting.slice(batchMax)
      await runBatch(batch)
    }
    running = undefined
  }

  return {
    add(item) {
      const { promise, resolve, reject } = Promise.withResolvers<R>()
      waiting.push({ item, resolve, reject })
      running ??= runAll()
      return promise
    },
    idle: async () => running,
  }
}
