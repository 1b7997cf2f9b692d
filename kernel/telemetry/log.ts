import { type Logger, pino } from 'pino'
import { prettyLine } from './pretty.ts'

/** Structured log: `log.info({ roomId }, 'room opened')`. Never log tokens, passwords or addresses of mail. */
export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(bindings: Record<string, unknown>): Log
}

export interface LogOptions {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  /** Lines for people to read instead of JSON for machines. */
  readonly pretty: boolean
  /** Which process speaks. */
  readonly name: string
  /** Where lines go, each with its newline; standard output unless given. */
  readonly write?: ((line: string) => void) | undefined
}

const SECRETS = ['authorization', 'cookie', 'password', 'secret', 'token', 'accessToken', 'refreshToken', 'privateKey']
/** A net under careless logging, not a licence for it: it catches these names down to three levels deep. */
const REDACTED_PATHS = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`])

/** The log of a process, from which services and calls have children with their own bindings (`service`, `traceId`). */
export function createLog(options: LogOptions): Log {
  const write = options.write ?? ((line: string) => void process.stdout.write(line))
  return pino(
    {
      name: options.name,
      level: options.level,
      base: { pid: process.pid },
      redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    },
    { write: options.pretty ? (line: string) => write(prettyLine(line)) : write },
  )
}
