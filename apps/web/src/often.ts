/**
 * Runs `work` every so often, and at once when somebody looks at the tab again: a hidden tab's timers may sleep for a minute.
 * Gives what ends it.
 */
export function often(everyMs: number, work: () => void): () => void {
  const timer = setInterval(work, everyMs)
  document.addEventListener('visibilitychange', work)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', work)
  }
}
