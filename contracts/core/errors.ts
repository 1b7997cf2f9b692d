/** What a fault looks like to whoever gets it: the wire shape of every error, on every door. */
export interface FaultBody {
  code: string
  message: string
  details?: Record<string, unknown>
  traceId?: string
}

export interface FaultOptions {
  /** Overrides the catalogue's sentence when the case can say something more exact. */
  message?: string
  details?: Record<string, unknown>
  /** Seconds after which trying again makes sense; becomes the `Retry-After` header. */
  retryAfterS?: number
  cause?: unknown
}

/**
 * An error with a stable code that a caller may see. Anything else thrown by a handler is a bug,
 * and reaches the caller as INTERNAL without its message.
 */
export class Fault extends Error {
  readonly code: string
  /** HTTP status, 400–599. */
  readonly status: number
  readonly details: Record<string, unknown> | undefined
  readonly retryAfterS: number | undefined

  constructor(code: string, status: number, message: string, options: FaultOptions = {}) {
    super(options.message ?? message, options.cause === undefined ? {} : { cause: options.cause })
    this.name = 'Fault'
    this.code = code
    this.status = status
    this.details = options.details
    this.retryAfterS = options.retryAfterS
  }

  body(traceId?: string): FaultBody {
    return {
      code: this.code,
      message: this.message,
      ...(this.details && { details: this.details }),
      ...(traceId && { traceId }),
    }
  }
}

export interface FaultKind {
  status: number
  message: string
}
export type FaultMaker = (options?: FaultOptions) => Fault
export type FaultCatalogue<K extends string = string> = Readonly<Record<K, FaultMaker>>

/**
 * Declares a contract's errors in one place: `errors({ USERNAME_TAKEN: { status: 409, message: '…' } })`
 * gives `fault.USERNAME_TAKEN({ details: { field: 'username' } })`.
 */
export function errors<K extends string>(kinds: Readonly<Record<K, FaultKind>>): FaultCatalogue<K> {
  const makers = {} as Record<K, FaultMaker>
  for (const code of Object.keys(kinds) as K[]) {
    const kind = kinds[code]
    makers[code] = (options) => new Fault(code, kind.status, kind.message, options)
  }
  return makers
}

/** Errors any call may answer with. */
export const core = errors({
  INVALID_INPUT: { status: 400, message: 'The input does not fit the contract.' },
  UNAUTHENTICATED: { status: 401, message: 'A valid access token is needed.' },
  FORBIDDEN: { status: 403, message: 'The caller may not do this.' },
  NOT_FOUND: { status: 404, message: 'There is no such thing.' },
  UNKNOWN_CALL: { status: 404, message: 'There is no such call.' },
  CONFLICT: { status: 409, message: 'It clashes with what is already there.' },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The payload is larger than allowed.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Use application/json or application/msgpack.' },
  RATE_LIMITED: { status: 429, message: 'Too many calls; wait a little.' },
  CANCELLED: { status: 499, message: 'The caller went away.' },
  INTERNAL: { status: 500, message: 'Something broke on our side.' },
  VERSION_MISMATCH: { status: 503, message: 'Caller and service hold different versions of the contract.' },
  UNAVAILABLE: { status: 503, message: 'This part of the platform is away; try again shortly.' },
  DEADLINE_EXCEEDED: { status: 504, message: 'The call took longer than its deadline.' },
})

export const CORE_CODES: ReadonlySet<string> = new Set(Object.keys(core))
