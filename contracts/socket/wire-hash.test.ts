import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  ByteWriter,
  encodeSnapshotBody,
  InputCodec,
  NO_TICK,
  ROOM_FRAME,
  ROOM_HEADER_BYTES,
  snapshotFrame,
  ViewPlan,
} from '../wire/index.ts'
import { CLOSE, DownFrame, SUBPROTOCOLS, UP_FRAMES } from './index.ts'

/**
 * What clients of version 1 rely on. When this test fails, the wire has changed: either take the change back, or make it one that older
 * clients survive (a new optional field, a new frame) and pin the new hash, or raise the subprotocol's version.
 */
const PINNED = '7fa3f639abc62044805bbb675860227afc1321582e896aae9e9fe9a4da027b38'

/** Room frames have no schema, so here they are, byte by byte. `inputSeen` is an input frame with the byte that clients may leave out. */
const PINNED_ROOM_FRAMES = {
  input: '01000700000102000000090206ac020000',
  inputSeen: '0100070000010200000009820506ac020000',
  whole: '02000700000102ffffffff0000000900010301c801',
  difference: '02000700000102000000c8000000090001030128',
}

function roomFrames(): Record<string, string> {
  const codec = new InputCodec({ move: { min: -1, max: 1, step: 0.25 }, aim: { min: 0, max: 1_023, step: 1 } })
  const inputs = [
    { move: 0.5, aim: 300 },
    { move: -1, aim: 0 },
  ]
  const plan = new ViewPlan({ dots: { x: { min: 0, max: 100, step: 0.5 } } })
  const viewOf = (x: number) => plan.collect((out) => out.row('dots', 3, { x }))
  const baseline = { tick: 200, view: viewOf(40) }
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  return {
    input: hex(codec.encode(7, { ackTick: 258, seq: 9, inputs })),
    inputSeen: hex(codec.encode(7, { ackTick: 258, seq: 9, inputs, behindTicks: 5 })),
    whole: hex(snapshotFrame(7, 9, encodeSnapshotBody(new ByteWriter(), 258, viewOf(50), null))),
    difference: hex(snapshotFrame(7, 9, encodeSnapshotBody(new ByteWriter(), 258, viewOf(50), baseline))),
  }
}

test('DESIGN §5 the wire has not changed without a new version', () => {
  const frames = Object.values(UP_FRAMES).map((schema) => z.toJSONSchema(schema, { io: 'input' }))
  const down = z.toJSONSchema(DownFrame)
  expect(roomFrames()).toEqual(PINNED_ROOM_FRAMES)
  const text = JSON.stringify([SUBPROTOCOLS, CLOSE, frames, down, ROOM_FRAME, ROOM_HEADER_BYTES, NO_TICK])
  expect(createHash('sha256').update(text).digest('hex')).toBe(PINNED)
})
