import type { Log } from './log.ts'

/** A log for what fails again and again while something else is away: it says so, and does not go on saying it. */
export interface SparingLog {
  /** What is said under one `key` is said once in half a minute; the next line tells in `unsaid` how often it was not. */
  warn(key: string, about: object, message: string): void
  error(key: string, about: object, message: string): void
}

const SAID_EVERY_MS = 30_000
/** Kinds of failure, not things that fail; more than this is a caller who keys by ids, and the oldest is forgotten. */
const KEYS_MAX = 256

export function sparing(log: Log, nowMs: () => number = () => performance.now()): SparingLog {
  const last = new Map<string, { saidMs: number; unsaid: number }>()

  const say = (level: 'warn' | 'error') => (key: string, about: object, message: string) => {
    const before = last.get(key)
    if (before && nowMs() - before.saidMs < SAID_EVERY_MS) {
      before.unsaid++
      return
    }
    log[level]({ ...about, ...(before && before.unsaid > 0 && { unsaid: before.unsaid }) }, message)
    last.delete(key)
    last.set(key, { saidMs: nowMs(), unsaid: 0 })
    const [oldest] = last.keys()
    if (last.size > KEYS_MAX && oldest !== undefined) last.delete(oldest)
  }
  return { warn: say('warn'), error: say('error') }
}
