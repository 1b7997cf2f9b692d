/**
 * Freezes plain objects and arrays all the way down, and gives the value back. In development and tests what passes
 * between services in one process is frozen, so that neither side can come to depend on sharing it by reference.
 */
export function deepFreeze<T>(value: T): T {
  // A list of what is left instead of recursion: an input nested 100,000 deep must not overflow the stack.
  const left: unknown[] = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (!isPlain(next) || Object.isFrozen(next)) continue
    Object.freeze(next)
    for (const inner of Object.values(next)) if (typeof inner === 'object') left.push(inner)
  }
  return value
}

/** Bytes cannot be frozen, and anything else with a class of its own is not ours to freeze. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null
}
