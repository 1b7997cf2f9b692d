import { browserStorage, memoryStorage, type Storage } from '@meydan/sdk'

/** Whoever holds this lock is the browser's player. A tab that comes second holds one of its own, named after it. */
const LOCK = 'meydan.player'
/** In a tab's own storage: the name of the lock that it held before it was loaded again. */
const HELD = 'meydan.held'
/** A tab that is loaded again may have to wait for its earlier self to let go. */
const WAIT_MS = 1_000

/**
 * Where this tab keeps its player. A browser's first tab is the player who comes back another day. A second tab at the same
 * time is somebody else, for as long as it is open, so that two tabs can play each other.
 */
export async function tabStorage(): Promise<Storage> {
  try {
    const { localStorage, sessionStorage } = window
    // Not there on plain http outside of localhost: then all tabs are one player.
    if (!('locks' in navigator)) return browserStorage(localStorage)
    return browserStorage((await lockOf(sessionStorage)) === LOCK ? localStorage : sessionStorage)
  } catch (error) {
    // Pages may be forbidden to store anything; then a visit is all there is.
    if (error instanceof DOMException) return memoryStorage()
    throw error
  }
}

/** The lock that this tab holds from now on: the one it had, or else the browser's, or else one of its own. */
async function lockOf(tab: globalThis.Storage): Promise<string> {
  const earlier = tab.getItem(HELD)
  if (earlier !== null && (await hold(earlier, { signal: AbortSignal.timeout(WAIT_MS) }))) return earlier
  // A copy of a tab that is still open has that tab's storage, and must not be its player.
  tab.clear()
  const own = `${LOCK}.${crypto.randomUUID()}`
  const lock = (await hold(LOCK, { ifAvailable: true })) ? LOCK : own
  if (lock === own) await hold(own, { ifAvailable: true })
  tab.setItem(HELD, lock)
  return lock
}

/** Whether the lock could be had. It is held until the tab is closed. */
function hold(name: string, options: LockOptions): Promise<boolean> {
  return new Promise((resolve) => {
    navigator.locks
      .request(name, options, (lock) => {
        resolve(lock !== null)
        return lock && new Promise(() => undefined)
      })
      .catch(() => resolve(false))
  })
}
