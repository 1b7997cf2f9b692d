import type { Clock } from '@meydan/kernel/time'

export interface ExpiringOptions<V> {
  readonly keysMax: number
  readonly bytesMax?: number
  readonly bytesOf?: (value: V) => number
  /** Told when the value leaves, for whatever reason. */
  readonly onGone?: (key: string, value: V) => void
}

export interface ExpiringMap<V> {
  readonly size: number
  get(key: string): V | undefined
  set(key: string, value: V, ttlMs: number): void
  /** Another value under the same key, with the time it had left. */
  replace(key: string, value: V): void
  delete(key: string): void
}

/** Writes between two looks for expired entries that nobody asked for again; kept in step with the size. */
const SWEEP_EVERY_WRITES_MIN = 1_000

/** A map whose entries expire by the clock, bounded in keys and bytes: the oldest written go first. */
export function expiringMap<V>(clock: Clock, options: ExpiringOptions<V>): ExpiringMap<V> {
  const { keysMax, bytesMax = Number.POSITIVE_INFINITY, bytesOf = () => 0, onGone = () => {} } = options
  const entries = new Map<string, { value: V; untilMs: number }>()
  let bytes = 0
  let writes = 0

  const drop = (key: string) => {
    const entry = entries.get(key)
    if (!entry) return
    entries.delete(key)
    bytes -= bytesOf(entry.value) + key.length
    onGone(key, entry.value)
  }
  const sweep = () => {
    const nowMs = clock.monotonic()
    for (const [key, { untilMs }] of entries) if (untilMs <= nowMs) drop(key)
  }
  const isOver = () => entries.size > keysMax || bytes > bytesMax
  // Not to be begun without need: to find a Map's first entry, V8 passes all those before it that were deleted, 10 µs with 40,000 keys.
  const makeRoom = () => {
    for (const oldest of entries.keys()) {
      if (!isOver()) break
      drop(oldest)
    }
  }
  const put = (key: string, value: V, untilMs: number) => {
    drop(key)
    entries.set(key, { value, untilMs })
    bytes += bytesOf(value) + key.length
    if (++writes > Math.max(SWEEP_EVERY_WRITES_MIN, entries.size)) {
      writes = 0
      sweep()
    }
    if (isOver()) makeRoom()
  }
  const live = (key: string) => {
    const entry = entries.get(key)
    if (!entry) return undefined
    if (entry.untilMs > clock.monotonic()) return entry
    drop(key)
    return undefined
  }
  return {
    get size() {
      return entries.size
    },
    get: (key) => live(key)?.value,
    set: (key, value, ttlMs) => put(key, value, clock.monotonic() + ttlMs),
    replace(key, value) {
      const entry = live(key)
      if (!entry) throw new Error(`nothing to replace under '${key}'`)
      bytes += bytesOf(value) - bytesOf(entry.value)
      entry.value = value
    },
    delete: drop,
  }
}
