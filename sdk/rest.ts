import { core, Fault, type Procedure } from '@meydan/contracts/core'
import { FaultFrame } from '@meydan/contracts/socket'
import { z } from 'zod'

const ErrorBody = z.object({ error: FaultFrame })
const REST_MS_MAX = 15_000

/** A fault as it came over the wire. */
export function faultFrom(body: z.infer<typeof FaultFrame>, status = 0): Fault {
  const { code, message, details } = body
  return new Fault(
    code,
    status || (core[code as keyof typeof core]?.().status ?? 400),
    message,
    details ? { details } : {},
  )
}

/** Calls a procedure over its HTTP route. Throws a Fault; UNAVAILABLE when the server cannot be reached. */
export async function callRest(
  base: string,
  procedure: Procedure,
  input: unknown,
  token: string | undefined,
): Promise<unknown> {
  if (procedure.http === undefined) throw core.UNKNOWN_CALL({ message: 'This call needs the socket: connect() first.' })
  const { method, url, body } = requestOf(base, procedure.http, input)
  let response: Response
  try {
    response = await fetch(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body }),
      signal: AbortSignal.timeout(REST_MS_MAX),
    })
  } catch (cause) {
    throw core.UNAVAILABLE({ message: 'The server cannot be reached.', cause })
  }
  const value: unknown = await response.json()
  if (response.ok) return value
  const parsed = ErrorBody.safeParse(value)
  throw parsed.success ? faultFrom(parsed.data.error, response.status) : core.INTERNAL()
}

function requestOf(
  base: string,
  http: string,
  input: unknown,
): { method: string; url: string; body: string | undefined } {
  const [method = 'GET', template = ''] = http.split(' ')
  const rest = new Map(Object.entries(typeof input === 'object' && input !== null ? input : {}))
  const path = template.replaceAll(/:([A-Za-z]+)/g, (_, name: string) => {
    const value = rest.get(name)
    rest.delete(name)
    return encodeURIComponent(String(value))
  })
  if (method === 'GET' || method === 'DELETE') {
    const query = new URLSearchParams()
    for (const [key, value] of rest) if (value !== undefined) query.set(key, String(value))
    return { method, url: `${base}${path}${query.size > 0 ? `?${query}` : ''}`, body: undefined }
  }
  return { method, url: `${base}${path}`, body: JSON.stringify(Object.fromEntries(rest)) }
}
