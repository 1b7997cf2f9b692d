import { type Contract, core } from '@meydan/contracts/core'
import { FaultFrame } from '@meydan/contracts/socket'
import { z } from 'zod'
import { faultFrom } from './fault.ts'
import { makeSeal } from './seal.ts'

const ErrorBody = z.object({ error: FaultFrame })
const REST_MS_MAX = 15_000

export interface RestOptions {
  /** `http://127.0.0.1:4000`, without a slash at the end. */
  readonly base: string
  /** Asks for answers that only this client can read. */
  readonly sealed: boolean
  /** Asked for each call. */
  readonly traceparent: (() => string | undefined) | undefined
}

/** Calls a procedure over its HTTP route. Throws a Fault; UNAVAILABLE when the server cannot be reached. */
export async function callRest(
  { base, sealed, traceparent }: RestOptions,
  contract: Contract,
  name: string,
  input: unknown,
  token: string | undefined,
): Promise<unknown> {
  const http = contract.procedures[name]?.http
  if (http === undefined) throw core.UNKNOWN_CALL({ message: 'This call needs the socket: connect() first.' })
  const { method, url, body } = requestOf(base, http, input)
  const seal = sealed ? await makeSeal() : undefined
  const trace = traceparent?.()
  const headers = {
    accept: 'application/json',
    ...(trace !== undefined && { traceparent: trace }),
    ...(seal && { 'meydan-seal': seal.header }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  let response: Response
  let bytes: Uint8Array<ArrayBuffer>
  try {
    const signal = AbortSignal.timeout(REST_MS_MAX)
    response = await fetch(url, { method, headers, signal, ...(body !== undefined && { body }) })
    bytes = new Uint8Array(await response.arrayBuffer())
  } catch (cause) {
    throw core.UNAVAILABLE({ message: 'The server cannot be reached.', cause })
  }
  // Faults come in the clear: they say nothing that is the player's own.
  const plain = seal && response.headers.has('meydan-sealed-type') ? await seal.open(bytes) : bytes
  const value = readJson(plain)
  if (response.ok && value !== undefined) return value
  const parsed = ErrorBody.safeParse(value)
  const retryAfterS = Number(response.headers.get('retry-after') ?? Number.NaN)
  const origin = { status: response.status, retryAfterS: Number.isFinite(retryAfterS) ? retryAfterS : undefined }
  // A page of a proxy in between is not the platform's answer.
  throw parsed.success ? faultFrom(parsed.data.error, origin) : core.UNAVAILABLE()
}

/** Undefined for what is no JSON. */
function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

interface Request {
  readonly method: string
  readonly url: string
  readonly body: string | undefined
}

/** `GET /v1/players/:playerId`: fields named in the path stand there, the others in the query or the body. */
export function requestOf(base: string, http: string, input: unknown): Request {
  const [method = 'GET', template = ''] = http.split(' ')
  const rest = new Map(Object.entries(typeof input === 'object' && input !== null ? input : {}))
  const path = template.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = rest.get(name)
    rest.delete(name)
    return encodeURIComponent(String(value))
  })
  if (method !== 'GET' && method !== 'DELETE') {
    return { method, url: `${base}${path}`, body: JSON.stringify(Object.fromEntries(rest)) }
  }
  const query = new URLSearchParams()
  for (const [key, value] of rest) if (value !== undefined) query.set(key, String(value))
  return { method, url: `${base}${path}${query.size > 0 ? `?${query}` : ''}`, body: undefined }
}
