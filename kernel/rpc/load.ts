import { core } from '@meydan/contracts/core'

/** How many calls wait for their answer at once. Beyond `openMax` those from outside are turned away, so that memory is bounded. */
export interface Load {
  readonly open: number
  /** Throws UNAVAILABLE when a call from outside would be one too many. Those made inside calls may always go on, or nothing would finish. */
  begin(inside: boolean): void
  end(): void
  /** Resolves when nothing is open, or after `withinMs`. */
  idle(withinMs: number): Promise<void>
}

export function load(openMax: number): Load {
  let open = 0
  let waiting: (() => void)[] = []
  return {
    get open() {
      return open
    },
    begin(inside) {
      if (open >= openMax && !inside) throw core.UNAVAILABLE({ retryAfterS: 1 })
      open++
    },
    end() {
      open--
      if (open > 0 || waiting.length === 0) return
      for (const told of waiting) told()
      waiting = []
    },
    idle(withinMs) {
      if (open === 0) return Promise.resolve()
      const { promise, resolve } = Promise.withResolvers<void>()
      const timer = setTimeout(resolve, withinMs)
      waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
      return promise
    },
  }
}
