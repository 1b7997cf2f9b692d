import { type DownFrame, DownFrame as DownFrameSchema, type Subprotocol, type UpFrame } from '@meydan/contracts/socket'
import { ROOM_FRAME_TYPE_MAX } from '@meydan/contracts/wire'
import { Packr } from 'msgpackr'

export type Codec = 'json' | 'msgpack'

/** How frames are written and read on one socket. */
export interface Wire {
  readonly subprotocol: Subprotocol
  write(frame: UpFrame): string | Uint8Array<ArrayBuffer>
  /** Undefined for what is no frame, or one this client does not know. */
  read(data: string | Uint8Array): DownFrame | undefined
}

const packr = new Packr({ useRecords: false, variableMapSize: true, int64AsType: 'number' })

const json: Wire = {
  subprotocol: 'meydan.v2.json',
  write: (frame) => JSON.stringify(frame),
  read: (data) => frameOf(() => JSON.parse(typeof data === 'string' ? data : new TextDecoder().decode(data))),
}

const msgpack: Wire = {
  subprotocol: 'meydan.v2.msgpack',
  write: (frame) => new Uint8Array(packr.pack(frame)),
  read: (data) => (typeof data === 'string' ? undefined : frameOf(() => packr.unpack(data))),
}

export function codecOf(codec: Codec): Wire {
  return codec === 'json' ? json : msgpack
}

/** Room frames begin with a type below 0x80; a MessagePack map never does. */
export function isRoomFrame(bytes: Uint8Array): boolean {
  const [type = 0] = bytes
  return type > 0 && type <= ROOM_FRAME_TYPE_MAX
}

function frameOf(read: () => unknown): DownFrame | undefined {
  let value: unknown
  try {
    value = read()
  } catch (error) {
    // Neither library has an error of its own for bytes that are not its format.
    if (error instanceof Error) return undefined
    throw error
  }
  return DownFrameSchema.safeParse(value).data
}
