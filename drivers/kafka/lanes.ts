/** One at a time for a key, in the order asked. Keys do not wait for each other. */
export interface Lanes {
  run<R>(key: string, work: () => Promise<R>): Promise<R>
}

export function createLanes(): Lanes {
  const lasts = new Map<string, Promise<void>>()
  return {
    async run(key, work) {
      const before = lasts.get(key)
      const { promise: last, resolve: finish } = Promise.withResolvers<void>()
      lasts.set(key, last)
      await before
      try {
        return await work()
      } finally {
        finish()
        if (lasts.get(key) === last) lasts.delete(key)
      }
    },
  }
}
