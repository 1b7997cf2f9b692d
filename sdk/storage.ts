import { Tokens } from '@meydan/contracts/identity'
import { z } from 'zod'

/** Where tokens are kept between visits. */
export interface Storage {
  get(key: string): string | null
  set(key: string, value: string): void
  remove(key: string): void
  /**
   * Runs `work` while nobody else who shares this storage runs any. Two tabs that traded the same refresh token would
   * look like a thief and its victim, and the server would end the session of both.
   */
  alone?<T>(work: () => Promise<T>): Promise<T>
}

export function memoryStorage(): Storage {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
  }
}

/** A browser's `localStorage` or `sessionStorage`, shared by its tabs. */
export function browserStorage(local: Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>): Storage {
  return {
    get: (key) => local.getItem(key),
    set: (key, value) => local.setItem(key, value),
    remove: (key) => local.removeItem(key),
    // Locks are there on secure origins and localhost only; elsewhere tabs take their chances.
    alone: async (work) =>
      globalThis.navigator?.locks ? await globalThis.navigator.locks.request('meydan.tokens', work) : await work(),
  }
}

const KEY = 'meydan.session'
const Kept = z.object({
  tokens: Tokens,
  /** The way back into a guest's account. */
  recovery: z.object({ username: z.string(), password: z.string() }).optional(),
})
export type Kept = z.infer<typeof Kept>

export function readKept(storage: Storage): Kept | null {
  const text = storage.get(KEY)
  if (text === null) return null
  try {
    return Kept.parse(JSON.parse(text))
  } catch (error) {
    // Written by another version or by hand: as good as nothing, and the next sign-in writes it anew.
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}

export function writeKept(storage: Storage, kept: Kept | null): void {
  if (kept) storage.set(KEY, JSON.stringify(kept))
  else storage.remove(KEY)
}
