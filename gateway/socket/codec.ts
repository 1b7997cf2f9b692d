import type { Subprotocol } from '@meydan/contracts/socket'
import type { Codec } from '@meydan/realtime/hub'
import { Packr } from 'msgpackr'
import { binaryFrame, textFrame } from './framing.ts'

const packr = new Packr({ useRecords: false, variableMapSize: true })

/** Each encodes a frame of the control protocol and frames it for the wire, so that one buffer does for every socket. */
export const CODECS: { readonly [protocol in Subprotocol]: Codec } = {
  'meydan.v2.json': { encode: (frame) => textFrame(JSON.stringify(frame)) },
  'meydan.v2.msgpack': { encode: (frame) => binaryFrame(packr.pack(frame)) },
}
