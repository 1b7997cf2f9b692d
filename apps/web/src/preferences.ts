import { useSyncExternalStore } from 'react'
import { z } from 'zod'

/** What a browser remembers of how somebody likes the page. '' stands for: nobody has chosen. */
const Preferences = z.object({
  language: z.string().max(16).catch(''),
  theme: z.enum(['system', 'light', 'dark']).catch('system'),
  /** Less of it than the device asks for, or as the device says. */
  motion: z.enum(['system', 'less']).catch('system'),
  isMuted: z.boolean().catch(false),
  /** Of a touch screen, the half that aims and fires. */
  aimSide: z.enum(['right', 'left']).catch('right'),
})
export type Preferences = z.infer<typeof Preferences>

const KEY = 'meydan.preferences'
const NONE = Preferences.parse({})

/** Of all tabs of a browser, also of those that are players of their own. */
class PreferenceStore {
  #kept = read()
  readonly #listeners = new Set<() => void>()

  constructor() {
    window.addEventListener('storage', ({ key }) => {
      if (key === KEY) this.#keep(read())
    })
  }

  get<K extends keyof Preferences>(name: K): Preferences[K] {
    return this.#kept[name]
  }

  set<K extends keyof Preferences>(name: K, value: Preferences[K]): void {
    this.#keep({ ...this.#kept, [name]: value })
    write(this.#kept)
  }

  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #keep(kept: Preferences): void {
    this.#kept = kept
    for (const listener of this.#listeners) listener()
  }
}

function read(): Preferences {
  try {
    return Preferences.catch(NONE).parse(JSON.parse(window.localStorage.getItem(KEY) ?? '{}'))
  } catch (error) {
    // Pages may be forbidden to store anything, and what is stored may have been written by hand.
    if (error instanceof DOMException || error instanceof SyntaxError) return NONE
    throw error
  }
}

function write(kept: Preferences): void {
  try {
    window.localStorage.setItem(KEY, JSON.stringify(kept))
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
}

export const preferences = new PreferenceStore()

export function usePreference<K extends keyof Preferences>(name: K): [Preferences[K], (value: Preferences[K]) => void] {
  const value = useSyncExternalStore(preferences.onChange, () => preferences.get(name))
  return [value, (next) => preferences.set(name, next)]
}
