import type { Envelope } from '@meydan/kernel/events'

/** Which events lie in the retry topic. While one of a key does, later events of that key must go there too. */
export interface Waiting {
  has(envelope: Envelope): boolean
  holdsUp(key: string): boolean
  add(envelope: Envelope): void
  remove(envelope: Envelope): void
}

export function createWaiting(): Waiting {
  const ids = new Map<string, Set<string>>()
  return {
    has: ({ key, id }) => ids.get(key)?.has(id) === true,
    holdsUp: (key) => ids.has(key),
    add({ key, id }) {
      ids.set(key, (ids.get(key) ?? new Set()).add(id))
    },
    remove({ key, id }) {
      const left = ids.get(key)
      left?.delete(id)
      if (left?.size === 0) ids.delete(key)
    },
  }
}
