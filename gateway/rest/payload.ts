import { core } from '@meydan/contracts/core'
import { Packr, Unpackr } from 'msgpackr'

export const MSGPACK = 'application/msgpack'
const packr = new Packr({ useRecords: false, variableMapSize: true })
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' })

export function readJson(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    const where = cause instanceof SyntaxError ? ` (${cause.message})` : ''
    throw core.INVALID_INPUT({ message: `The body is not valid JSON${where}.`, details: { field: '' }, cause })
  }
}

export function readMsgpack(body: Buffer): unknown {
  if (body.length === 0) return {}
  try {
    return unpackr.unpack(body)
  } catch (cause) {
    throw core.INVALID_INPUT({ message: 'The body is not valid MessagePack.', details: { field: '' }, cause })
  }
}

/** Whether the client prefers MessagePack; anything else gets JSON. */
export function wantsMsgpack(accept: string | undefined): boolean {
  return accept?.includes(MSGPACK) ?? false
}

/** JSON stays a string: Node writes it to the socket in one piece with the headers, and bytes beside them, for 10 µs more. */
export function writePayload(value: unknown, msgpack: boolean): Buffer | string {
  return msgpack ? packr.pack(value) : JSON.stringify(value)
}
