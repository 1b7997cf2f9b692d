import type { Logger } from 'pino'

/** Structured log: `log.info({ roomId }, 'room opened')`. Never log tokens, passwords or addresses of mail. */
export type Log = Pick<Logger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'> & {
  child(bindings: Record<string, unknown>): Log
}
