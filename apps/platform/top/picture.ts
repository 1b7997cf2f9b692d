import { BY_NAME, type Column, columnsFor, GAP, LATE_MS_BAD } from './columns.ts'
import type { Listed, Overview, Store } from './overview.ts'
import { clockTime, count, orNone, span } from './words.ts'

/** Each is one look: of a heading, of what is bad, of what is not well, of what matters less. */
export type Look = 'heading' | 'bad' | 'warning' | 'faint'
/** Marks text; gives it back as it is where there are no colours. Adds nothing to its width. */
export type Paint = (look: Look, text: string) => string

export interface Frame {
  /** Letters in a line. */
  readonly width: number
  /** Lines of processes at most, from the `from`-th on. */
  readonly rows: number
  readonly from: number
  /** Title of the column that processes are sorted by; one that is not shown sorts by name. */
  readonly sortedBy: string
  readonly paint: Paint
}

const LABEL_WIDTH = 9
const BETWEEN = '   '
const NOTES_MAX = 5
const ENDING = '…'

/** The platform as lines of text, none wider than the frame. */
export function picture(seen: Overview, frame: Frame): string[] {
  const columns = columnsFor(frame.width, seen.processes)
  const processes = sorted(seen.processes, columns, frame.sortedBy).slice(frame.from, frame.from + frame.rows)
  return [
    ...headOf(seen, frame),
    '',
    header(columns, frame),
    ...processes.map((process) => row(process, columns, frame)),
    ...notesOf(seen, frame),
  ]
}

function sorted(processes: readonly Listed[], columns: readonly Column[], sortedBy: string): Listed[] {
  const column = columns.find(({ title }) => title === sortedBy) ?? columns.find(({ title }) => title === BY_NAME)
  const of = (process: Listed): number => column?.value(process) ?? Number.NEGATIVE_INFINITY
  // The difference of two infinities is no number: those are equal.
  return processes.toSorted((a, b) => of(b) - of(a) || a.name.localeCompare(b.name))
}

/** The platform as a whole. */
function headOf({ atMs, processes, stores, totals }: Overview, frame: Frame): string[] {
  const silent = processes.filter(({ state }) => state === 'silent').length
  const versions = [...new Set(processes.flatMap(({ version }) => version ?? []))].join(', ')
  const late = orNone(count)(totals.lateMs)
  const dead = Object.entries(totals.deadLetters).map(([group, letters]) => `${letters} dead in ${group}`)
  const line = (label: string, ...parts: readonly Part[]): string => lineOf(label, parts, frame)
  return [
    line(
      'Meydan',
      [versions],
      [processes.length === 1 ? '1 process' : `${processes.length} processes`],
      [silent > 0 ? `${silent} silent` : '', 'bad'],
      [clockTime(atMs), 'faint'],
    ),
    line(
      'Players',
      [`${totals.players} in ${totals.rooms} rooms`],
      [`${totals.watchers} watch`],
      [`${totals.queued} wait`],
      [`${totals.sockets} sockets`],
      [`${totals.sessions} sessions`],
    ),
    line(
      'Calls',
      [`${count(totals.callsPerS)}/s`],
      [`${count(totals.errorsPerS)}/s failed`, totals.errorsPerS > 0 ? 'bad' : undefined],
      [`ticks ${late} ms late`, (totals.lateMs ?? 0) >= LATE_MS_BAD ? 'bad' : undefined],
    ),
    line(
      'Events',
      [`${count(totals.eventsWaiting)} wait`],
      [`outbox ${totals.outboxLagS.toFixed(1)} s`],
      [dead.join(', ') || '0 dead', dead.length > 0 ? 'bad' : undefined],
    ),
    line('Stores', ...stores.map(({ name, troubles }): Part => wellBeing(name, troubles))),
  ]
}

type Part = readonly [text: string, look?: Look | undefined]

function wellBeing(name: string, { length }: Store['troubles']): Part {
  return length === 0 ? [`${name} ok`] : [`${name} away for ${length}`, 'bad']
}

/** A label and the parts that fit behind it; empty parts are left out. */
function lineOf(label: string, parts: readonly Part[], { width, paint }: Frame): string {
  let line = paint('heading', label.padEnd(LABEL_WIDTH))
  let left = width - LABEL_WIDTH
  for (const [index, [text, look]] of parts.filter(([text]) => text !== '').entries()) {
    const shown = fit((index === 0 ? '' : BETWEEN) + text, left)
    line += look ? paint(look, shown) : shown
    left -= shown.length
  }
  return line
}

const fit = (text: string, width: number): string =>
  text.length <= width ? text : text.slice(0, Math.max(0, width - 1)) + ENDING.slice(0, width)

const padded = (text: string, { align, width }: Column): string =>
  align === 'left' ? fit(text, width).padEnd(width) : fit(text, width).padStart(width)

function header(columns: readonly Column[], { paint, sortedBy }: Frame): string {
  const titles = columns.map((column) =>
    paint(column.title === sortedBy ? 'warning' : 'heading', padded(column.title, column)),
  )
  return titles.join(' '.repeat(GAP))
}

function row(process: Listed, columns: readonly Column[], { paint }: Frame): string {
  const whole = process.state === 'silent' ? 'bad' : process.state === 'ready' ? undefined : 'warning'
  const cells = columns.map((column) => {
    const text = padded(column.text(process), column)
    const look = whole ?? (column.isBad?.(process) ? 'bad' : undefined)
    return look ? paint(look, text) : text
  })
  return cells.join(' '.repeat(GAP))
}

/** What is wrong, in words. */
function notesOf({ atMs, processes, stores }: Overview, { width, paint }: Frame): string[] {
  const silent = processes.flatMap(({ name, roles, silentSinceMs }) =>
    silentSinceMs === undefined ? [] : [`${name}${roles ? ` (${roles})` : ''} ${silence(silentSinceMs, atMs)}`],
  )
  const unready = processes.flatMap(({ name, state }) =>
    state === 'ready' || state === 'silent' ? [] : [`${name} is ${state}`],
  )
  const away = stores.flatMap(({ name, troubles: [trouble] }) =>
    trouble ? [`${name}, says ${trouble.process}: ${trouble.why}`] : [],
  )
  const notes = [...away, ...silent, ...unready]
  if (notes.length === 0) return []
  const shown = notes.slice(0, NOTES_MAX)
  if (notes.length > shown.length) shown.push(`and ${notes.length - shown.length} more`)
  return ['', ...shown.map((note) => paint('bad', fit(`! ${note}`, width)))]
}

const silence = (sinceMs: number, nowMs: number): string =>
  `does not answer since ${clockTime(sinceMs)}, for ${span((nowMs - sinceMs) / 1_000)}`
