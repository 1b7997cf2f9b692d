/**
 * Freezes plain objects and arrays all the way down, and gives the value back. In development and tests what passes
 * between services in one process is frozen, so that neither side can come to depend on sharing it by reference.
 */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  // Bytes cannot be frozen, and anything else with a class of its own is not ours to freeze.
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}
