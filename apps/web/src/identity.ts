import { browserStorage, memoryStorage, type Storage } from '@meydan/sdk'

const LOCK = 'meydan.player'
/** In a tab's own storage: this tab was the browser's player before it was loaded again. */
const WAS_MINE = 'meydan.was-mine'
/** A tab that is loaded again may have to wait for its earlier self to let go. */
const WAIT_MS = 1_000

/**
 * Where this tab keeps its player. A browser's first tab is the player who comes back another day. A second tab at the same
 * time is somebody else, for as long as it is open, so that two tabs can play each other.
 */
export async function tabStorage(): Promise<Storage> {
  try {
    const { localStorage, sessionStorage } = window
    const isMine = await holdLock(sessionStorage.getItem(WAS_MINE) !== null)
    if (isMine) sessionStorage.setItem(WAS_MINE, 'yes')
    return browserStorage(isMine ? localStorage : sessionStorage)
  } catch (error) {
    // Pages may be forbidden to store anything; then a visit is all there is.
    if (error instanceof DOMException) return memoryStorage()
    throw error
  }
}

/** Whether this tab is the browser's player. The lock is held until the tab is closed. */
function holdLock(mayWait: boolean): Promise<boolean> {
  // Not there on plain http outside of localhost: then all tabs are one player.
  if (!('locks' in navigator)) return Promise.resolve(true)
  const options = mayWait ? { signal: AbortSignal.timeout(WAIT_MS) } : { ifAvailable: true }
  return new Promise((resolve) => {
    navigator.locks
      .request(LOCK, options, (lock) => {
        resolve(lock !== null)
        return lock && new Promise(() => undefined)
      })
      .catch(() => resolve(false))
  })
}
