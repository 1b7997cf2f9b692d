import { core, Fault, Id, ROLES } from '@meydan/contracts/core'
import { Packr } from 'msgpackr'
import { z } from 'zod'
import type { Caller, LimitState } from './call.ts'

/**
 * How a call travels between processes: `POST /mesh/<contract>/<procedure>` over HTTP/1.1, input and output as
 * MessagePack bodies, everything else in headers. A fault is its HTTP status and its body `{ code, message, details }`.
 */
export const MESH_PATH = /^\/mesh\/([a-z][A-Za-z0-9]{0,31})\/([a-z][A-Za-z0-9]{0,31})$/
export const CONTENT_TYPE = 'application/msgpack'
/** The only name under which a process may call for players and strangers: whoever has the doors. */
export const EDGE = 'gateway'

export const HEADER = {
  /** The caller's version of the contract; a service answers only its own. */
  version: 'meydan-contract-version',
  /** A digest of the caller's contract: another one with the same version has other optional fields. */
  shape: 'meydan-contract-shape',
  /** Milliseconds left, not a moment: clocks differ between machines. */
  timeoutMs: 'meydan-timeout-ms',
  /** Who calls, as base64url of JSON; absent when it is the service of the token, by itself. */
  caller: 'meydan-caller',
  /** In an answer: the call was turned away before any handler saw it. */
  refused: 'meydan-refused',
  /** In an answer: what is left of the procedure's limit. */
  limit: 'meydan-limit',
} as const

/** Larger inputs and outputs belong in blob storage. */
export const BODY_BYTES_MAX = 1024 * 1024

const packr = new Packr({ useRecords: false, int64AsType: 'bigint' })

export function pack(value: unknown): Buffer {
  return packr.pack(value)
}

/** Throws INVALID_INPUT for bytes that are not one MessagePack value. */
export function unpack(bytes: Uint8Array): unknown {
  try {
    const value: unknown = packr.unpack(bytes)
    return value
  } catch (error) {
    throw core.INVALID_INPUT({ message: 'The body is not MessagePack.', cause: error })
  }
}

const address = z.string().max(64)
const userAgent = z.string().max(512).optional()
const CallerHeader = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('anonymous'), address, userAgent }),
  z.strictObject({
    kind: z.literal('player'),
    playerId: Id,
    sessionId: z.string().max(19),
    roles: z.array(z.enum(ROLES)),
    actorId: Id.optional(),
    address,
    userAgent,
  }),
  z.strictObject({
    kind: z.literal('service'),
    service: z.string().max(32),
    playerId: Id.optional(),
    sessionId: z.string().max(19).optional(),
    actorId: Id.optional(),
    address: address.optional(),
  }),
])
const USER_AGENT_LENGTH_MAX = 512

export function encodeCaller(caller: Caller): string | undefined {
  if (caller.kind === 'service' && caller.playerId === undefined && caller.address === undefined) return undefined
  // A browser may call itself anything, at any length; a header may not be that long.
  const told =
    'userAgent' in caller && caller.userAgent !== undefined
      ? { ...caller, userAgent: caller.userAgent.slice(0, USER_AGENT_LENGTH_MAX) }
      : caller
  return Buffer.from(JSON.stringify(told)).toString('base64url')
}

/**
 * Who calls, by what the header says and the token proves. Throws UNAUTHENTICATED when the one does not follow from the
 * other: a service speaks for itself, and only the edge speaks for players.
 */
export function decodeCaller(header: string | undefined, service: string): Caller {
  if (header === undefined) return { kind: 'service', service }
  const parsed = CallerHeader.safeParse(jsonOf(header))
  if (!parsed.success) throw core.UNAUTHENTICATED({ message: 'The caller is not readable.' })
  const caller = withoutAbsent(parsed.data)
  if (caller.kind === 'service' ? caller.service !== service : service !== EDGE) {
    throw core.UNAUTHENTICATED({ message: `${service} may not call as that caller.` })
  }
  return caller
}

function jsonOf(header: string): unknown {
  try {
    return JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))
  } catch (error) {
    throw core.UNAUTHENTICATED({ message: 'The caller is not readable.', cause: error })
  }
}

/** Zod types an optional field as maybe undefined; a caller either has it or has not. */
function withoutAbsent(caller: z.output<typeof CallerHeader>): Caller {
  const { kind } = caller
  if (kind === 'service') {
    const { service, playerId, sessionId, actorId, address: from } = caller
    return {
      kind,
      service,
      ...(playerId !== undefined && { playerId }),
      ...(sessionId !== undefined && { sessionId }),
      ...(actorId !== undefined && { actorId }),
      ...(from !== undefined && { address: from }),
    }
  }
  const { userAgent: agent, ...named } = caller
  const told = agent === undefined ? {} : { userAgent: agent }
  if (named.kind === 'anonymous') return { ...named, ...told }
  const { actorId, ...rest } = named
  return { ...rest, ...told, ...(actorId !== undefined && { actorId }) }
}

export function encodeLimit({ points, perS, remaining, resetS }: LimitState): string {
  return `${points};${perS};${remaining};${resetS}`
}

export function decodeLimit(header: string): LimitState | undefined {
  const [points, perS, remaining, resetS] = header.split(';').map(Number)
  if (points === undefined || perS === undefined || remaining === undefined || resetS === undefined) return undefined
  return { points, perS, remaining, resetS }
}

const FaultBody = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()).optional(),
})

/** The fault that an answer with this status and body stands for. */
export function decodeFault(status: number, body: unknown, retryAfter: string | undefined): Fault {
  const parsed = FaultBody.safeParse(body)
  if (!parsed.success) return core.UNAVAILABLE({ cause: new Error(`status ${status} without a fault in it`) })
  const { code, message, details } = parsed.data
  const retryAfterS = Number(retryAfter)
  return new Fault(code, status, message, {
    ...(details && { details }),
    ...(retryAfter !== undefined && Number.isFinite(retryAfterS) && { retryAfterS }),
  })
}
