import { core, type Fault } from '@meydan/contracts/core'
import { type Subprotocol, UP_FRAMES, type UpFrame } from '@meydan/contracts/socket'
import { inputFault } from '@meydan/kernel/rpc'
import { Unpackr } from 'msgpackr'

/** Bounds apply to what is decoded, too: a frame may not stand for more than its bytes. */
const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true, int64AsType: 'number' })
const DEPTH_MAX = 32

/** A frame that could not be read; `id` is the call's, when at least that could be made out. */
export class BadFrame extends Error {
  readonly fault: Fault
  readonly callId: number | undefined

  constructor(fault: Fault, callId: number | undefined) {
    super(fault.message)
    this.fault = fault
    this.callId = callId
  }
}

/** Reads a frame of the control protocol. Throws BadFrame. */
export function decodeFrame(protocol: Subprotocol, data: Buffer, isBinary: boolean): UpFrame {
  const value = decodeValue(protocol, data, isBinary)
  if (depthOf(value) > DEPTH_MAX) {
    throw new BadFrame(core.INVALID_INPUT({ message: `A frame is at most ${DEPTH_MAX} levels deep.` }), undefined)
  }
  const kind = kindOf(value)
  if (!kind)
    throw new BadFrame(core.INVALID_INPUT({ message: `A frame has one of: ${KINDS.join(', ')}.` }), callIdOf(value))
  const parsed = UP_FRAMES[kind].safeParse(value)
  if (parsed.success) return parsed.data
  throw new BadFrame(inputFault(parsed.error.issues), callIdOf(value))
}

type Kind = keyof typeof UP_FRAMES
const KINDS = Object.keys(UP_FRAMES)

/** A frame is known by the one key that names its kind; so a mistake in it can be told by its field. */
function kindOf(value: unknown): Kind | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const named = KINDS.filter((kind) => Object.hasOwn(value, kind))
  return named.length === 1 ? (named[0] as Kind) : undefined
}

function decodeValue(protocol: Subprotocol, data: Buffer, isBinary: boolean): unknown {
  if (isBinary !== (protocol === 'meydan.v2.msgpack')) {
    throw new BadFrame(
      core.INVALID_INPUT({ message: `${protocol} does not use this kind of WebSocket message.` }),
      undefined,
    )
  }
  try {
    return isBinary ? unpackr.unpack(data) : JSON.parse(data.toString('utf8'))
  } catch (cause) {
    const codec = isBinary ? 'MessagePack' : 'JSON'
    throw new BadFrame(core.INVALID_INPUT({ message: `The frame is not valid ${codec}.`, cause }), undefined)
  }
}

function depthOf(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null || depth > DEPTH_MAX) return depth
  let deepest = depth
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, depth + 1))
  return deepest
}

function callIdOf(value: unknown): number | undefined {
  if (typeof value !== 'object' || value === null || !('id' in value)) return undefined
  return typeof value.id === 'number' && Number.isSafeInteger(value.id) && value.id >= 0 ? value.id : undefined
}
