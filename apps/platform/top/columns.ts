import type { Measured } from './measuring.ts'
import type { Listed } from './overview.ts'
import { count, megabytes, orNone, percent, span } from './words.ts'

export interface Column {
  readonly title: string
  /** Letters. */
  readonly width: number
  readonly align: 'left' | 'right'
  readonly text: (process: Listed) => string
  /** What rows are sorted by, the highest first. */
  readonly value: (process: Listed) => number | undefined
  /** Something to look at. */
  readonly isBad?: (process: Listed) => boolean
}

/** Half a tick late is felt. */
export const LATE_MS_BAD = 7.5
const LAG_MS_BAD = 100
const CPU_BAD = 0.9
export const GAP = 1

export const BY_NAME = 'NODE'
const NAME_WIDTH = 4
const ROLES_WIDTH_MIN = 12
/** Enough for most; beyond it further columns come first. */
const ROLES_WIDTH = 24

/** Those who are told without a number come last. */
const numberOf = (name: string): number => Number(/^node-(\d+)$/.exec(name)?.[1] ?? Number.POSITIVE_INFINITY)

const nameOf = ({ name }: Listed): string => name.replace(/^node-/, '')
const rolesOf = ({ roles = '?' }: Listed): string => roles

function figure(
  title: string,
  width: number,
  name: keyof Measured,
  tell: (value: number) => string,
  isBad?: (value: number) => boolean,
): Column {
  const value = (process: Listed): number | undefined => process.measured?.[name]
  const told = orNone(tell)
  return {
    title,
    width,
    align: 'right',
    value,
    text: (process) => told(value(process)),
    ...(isBad && { isBad: (process) => isBad(value(process) ?? 0) }),
  }
}

function word(title: string, width: number, text: (process: Listed) => string): Column {
  return { title, width, align: 'left', text, value: () => undefined }
}

const NAME = { ...word(BY_NAME, NAME_WIDTH, nameOf), value: ({ name }: Listed): number => -numberOf(name) }

/** In the order in which they stand. */
const FIGURES: readonly Column[] = [
  figure('UP', 6, 'upS', span),
  figure('CPU%', 4, 'cpu', percent, (cpu) => cpu >= CPU_BAD),
  figure('LAGms', 5, 'lagMs', count, (lagMs) => lagMs >= LAG_MS_BAD),
  figure('RSSmb', 5, 'rssBytes', megabytes),
  figure('ROOMS', 5, 'rooms', count),
  figure('PEOPLE', 6, 'players', count),
  figure('LATE', 5, 'lateMs', count, (lateMs) => lateMs >= LATE_MS_BAD),
  figure('SOCKS', 5, 'sockets', count),
  figure('CALL/s', 6, 'callsPerS', count),
  figure('ERR/s', 5, 'errorsPerS', count, (perS) => perS > 0),
]

/** What a wider terminal shows besides, the most wanted first. */
const MORE: readonly Column[] = [
  figure('HEAPmb', 6, 'heapBytes', megabytes),
  figure('SESSIONS', 8, 'sessions', count),
  figure('WATCHERS', 8, 'watchers', count),
  word('VERSION', 8, ({ version = '' }) => version),
  word('REGION', 12, ({ region = '' }) => region),
  word('ADDRESS', 28, ({ url }) => url ?? ''),
]

/** As many columns as fit; what is left over goes to the roles. */
export function columnsFor(width: number, processes: readonly Listed[]): Column[] {
  const widest = (text: (process: Listed) => string, least: number): number =>
    Math.max(least, ...processes.map((process) => text(process).length))
  const name = { ...NAME, width: widest(nameOf, NAME_WIDTH) }
  const roles = word('ROLES', widest(rolesOf, ROLES_WIDTH_MIN), rolesOf)
  const leftBeside = (columns: readonly Column[]): number =>
    [name, ...columns].reduce((left, column) => left - column.width - GAP, width)
  const shown: Column[] = []
  const addWhile = (columns: readonly Column[], rolesWidth: number): void => {
    for (const column of columns) {
      if (leftBeside([...shown, column]) < rolesWidth) return
      shown.push(column)
    }
  }
  addWhile(FIGURES, ROLES_WIDTH_MIN)
  if (shown.length === FIGURES.length) addWhile(MORE, Math.min(roles.width, ROLES_WIDTH))
  return [name, { ...roles, width: Math.min(roles.width, Math.max(ROLES_WIDTH_MIN, leftBeside(shown))) }, ...shown]
}
