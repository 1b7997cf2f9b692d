import { core, Fault, type FaultCatalogue } from '@meydan/contracts/core'
import type { FaultFrame } from '@meydan/contracts/socket'
import type { z } from 'zod'

const STATUS_UNKNOWN = 400

export interface FaultOrigin {
  /** The HTTP status it came with, where there was one. */
  readonly status?: number
  /** Of the contract that was called: knows the status of its own codes. */
  readonly catalogue?: FaultCatalogue
  readonly retryAfterS?: number | undefined
}

/** A fault as it came over the wire. A code that this client does not know keeps its words. */
export function faultFrom(body: z.infer<typeof FaultFrame>, origin: FaultOrigin = {}): Fault {
  const { code, message, details } = body
  const known = origin.catalogue?.[code] ?? (Object.hasOwn(core, code) ? core[code as keyof typeof core] : undefined)
  const { retryAfterS } = origin
  return new Fault(code, origin.status ?? known?.().status ?? STATUS_UNKNOWN, message, {
    ...(details && { details }),
    ...(retryAfterS !== undefined && { retryAfterS }),
  })
}

/** Whether the caller's token or refresh token was refused, so that only signing in again helps. */
export function isRefused(error: unknown): boolean {
  return error instanceof Fault && error.status === 401
}
