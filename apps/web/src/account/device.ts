const BROWSERS = [
  ['Edg', 'Edge'],
  ['OPR', 'Opera'],
  ['Firefox', 'Firefox'],
  ['Chrome', 'Chrome'],
  ['Safari', 'Safari'],
] as const
const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iOS'],
  ['iPad', 'iPadOS'],
  ['Windows', 'Windows'],
  ['Mac OS', 'macOS'],
  ['Linux', 'Linux'],
] as const

/**
 * What a User-Agent header says of browser and system, as people call them; undefined where it does not say. Browsers name those
 * they once imitated, too, so the first in the list that is named is the one.
 */
export function deviceOf(userAgent: string): {
  readonly browser: string | undefined
  readonly system: string | undefined
} {
  const named = (names: readonly (readonly [string, string])[]): string | undefined =>
    names.find(([mark]) => userAgent.includes(mark))?.[1]
  return { browser: named(BROWSERS), system: named(SYSTEMS) }
}
