import { setTimeout as delay } from 'node:timers/promises'
import { BY_NAME, columnsFor } from './columns.ts'
import type { Overview } from './overview.ts'
import { picture } from './picture.ts'
import { type Key, paint, type Screen } from './screen.ts'
import type { Watch } from './watching.ts'

const EVERY_MS = 1_000
/** Head, header, notes, keys: what stands around the processes. */
const AROUND_LINES = 8
const NOTES_LINES_MAX = 7

/** Draws the platform once a second until `q`, Ctrl-C or the signal. */
export async function live(watch: Watch, first: Overview, screen: Screen, stop: AbortController): Promise<void> {
  let seen = first
  let sortedBy = BY_NAME
  let from = 0

  const draw = (): void => {
    const { width, height } = screen
    const rows = Math.max(1, height - AROUND_LINES - NOTES_LINES_MAX)
    from = Math.max(0, Math.min(from, seen.processes.length - rows))
    const lines = picture(seen, { width, rows, from, sortedBy, paint })
    const keys = `q quit   s sorted by ${sortedBy}${seen.processes.length > rows ? '   ↑ ↓ more' : ''}`
    const room = Math.max(0, height - lines.length - 1)
    screen.draw([...lines, ...Array<string>(room).fill(''), paint('faint', keys)])
  }
  const press = (key: Key): void => {
    if (key === 'quit') stop.abort()
    else if (key === 'sort') sortedBy = nextColumn(sortedBy, screen.width, seen)
    else from += key === 'down' ? 1 : -1
    draw()
  }
  screen.onKey(press)
  screen.onResize(draw)
  for (;;) {
    draw()
    await delay(EVERY_MS, undefined, { signal: stop.signal }).catch(() => undefined)
    if (stop.signal.aborted) return
    seen = await watch.look()
  }
}

/** The next column that has something to sort by, and the name again after the last. */
function nextColumn(sortedBy: string, width: number, { processes }: Overview): string {
  const titles = columnsFor(width, processes).flatMap(({ title, value }) =>
    title === BY_NAME || processes.some((process) => value(process) !== undefined) ? [title] : [],
  )
  return titles[titles.indexOf(sortedBy) + 1] ?? BY_NAME
}
