const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
}
const LEVEL_WIDTH = 5
/** Said by the line's head, or of no use to somebody at a terminal. */
const IMPLIED: ReadonlySet<string> = new Set(['level', 'time', 'msg', 'name', 'pid', 'hostname', 'err', 'traceId'])

interface Line {
  level?: number
  time?: number
  msg?: string
  err?: unknown
  [field: string]: unknown
}

/** One JSON line of the log as a person reads it: `12:00:01.000 info  room opened roomId=42`, a stack beneath. */
export function prettyLine(json: string): string {
  const line: Line = JSON.parse(json)
  const time = new Date(Number(line.time)).toISOString().slice(11, 23)
  const level = (LEVELS[Number(line.level)] ?? '').padEnd(LEVEL_WIDTH)
  const fields = Object.entries(line)
    .filter(([name]) => !IMPLIED.has(name))
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const stack = hasStack(line.err) ? `\n${line.err.stack}` : ''
  return `${time} ${level} ${line.msg ?? ''}${fields.join('')}${stack}\n`
}

function hasStack(error: unknown): error is { stack: string } {
  return typeof error === 'object' && error !== null && 'stack' in error && typeof error.stack === 'string'
}
