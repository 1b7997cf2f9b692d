/** WebSocket data frames as a server writes them: whole, unmasked, without extensions (RFC 6455 §5.2). */

const FIN_TEXT = 0x81
const FIN_BINARY = 0x82
/** Payload lengths up to this stand in the second byte; longer ones in the 2 bytes after it, or the 8. */
const LENGTH_IN_7_BITS_MAX = 125
const LENGTH_IN_16_BITS_MAX = 0xffff
const LENGTH_IN_16_BITS = 126
const LENGTH_IN_64_BITS = 127

export function textFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const { frame, offset } = headed(FIN_TEXT, length)
  frame.write(text, offset)
  return frame
}

export function binaryFrame(payload: Uint8Array): Buffer {
  const { frame, offset } = headed(FIN_BINARY, payload.length)
  frame.set(payload, offset)
  return frame
}

/** Room for a frame with its header written; the payload goes to `offset`. */
function headed(first: number, length: number): { frame: Buffer; offset: number } {
  const offset = length <= LENGTH_IN_7_BITS_MAX ? 2 : length <= LENGTH_IN_16_BITS_MAX ? 4 : 10
  const frame = Buffer.allocUnsafe(offset + length)
  frame[0] = first
  if (offset === 2) {
    frame[1] = length
  } else if (offset === 4) {
    frame[1] = LENGTH_IN_16_BITS
    frame.writeUInt16BE(length, 2)
  } else {
    frame[1] = LENGTH_IN_64_BITS
    frame.writeBigUInt64BE(BigInt(length), 2)
  }
  return { frame, offset }
}
