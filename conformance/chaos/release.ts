/** A line of the source that reads otherwise in another release. */
export interface Change {
  /** How its path ends. */
  readonly file: string
  readonly from: string
  readonly to: string
}

/** Settings that make a process one of another release. */
export function releaseWith(change: Change): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import=${new URL('./changed.ts', import.meta.url).href}`,
    CHANGED_LINE: JSON.stringify(change),
  }
}
