import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import {
  ByteWriter,
  InputCodec,
  type MovingBaseline,
  NO_TICK,
  ROOM_FRAME,
  ROOM_HEADER_BYTES,
  ViewPlan,
  writeSnapshot,
} from '../wire/index.ts'
import { CLOSE, DownFrame, SUBPROTOCOLS, UP_FRAMES } from './index.ts'

/**
 * What clients of version 2 rely on. When this test fails, the wire has changed: either take the change back, or make it one that older
 * clients survive (a new optional field, a new frame) and pin the new hash, or raise the subprotocol's version.
 */
const PINNED = '9fc558aa90c52c71d5be0a733ec94ff88e7804449eaf3c04b98c154242310afc'

/** Room frames have no schema, so here they are, byte by byte. `inputSeen` is an input frame with the byte that clients may leave out. */
const PINNED_ROOM_FRAMES = {
  input: '01000700000102000000090206ac020000',
  inputSeen: '0100070000010200000009820506ac020000',
  whole: '0200070009820200e4232590ac80',
  difference: '020007000982023a562c499590ac80',
  moving: '020007000982020295e47229a14c80',
}

function roomFrames(): Record<string, string> {
  const codec = new InputCodec({ move: { min: -1, max: 1, step: 0.25 }, aim: { min: 0, max: 1_023, step: 1 } })
  const inputs = [
    { move: 0.5, aim: 300 },
    { move: -1, aim: 0 },
  ]
  const plan = new ViewPlan({ dots: { x: { min: 0, max: 100, step: 0.5 } } })
  const viewOf = (x: number, ...ids: number[]) =>
    plan.collect((out) => {
      for (const id of [3, ...ids]) out.row('dots', id, { x })
    })
  const snapshot = (baseline: MovingBaseline | null): Uint8Array => {
    const writer = new ByteWriter()
    writeSnapshot(writer, plan, 7, 9, { tick: 258, view: viewOf(50, 4, 9) }, baseline)
    return writer.take()
  }
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')
  return {
    input: hex(codec.encode(7, { ackTick: 258, seq: 9, inputs })),
    inputSeen: hex(codec.encode(7, { ackTick: 258, seq: 9, inputs, behindTicks: 5 })),
    whole: hex(snapshot(null)),
    difference: hex(snapshot({ tick: 200, view: viewOf(40, 5) })),
    moving: hex(snapshot({ tick: 256, view: viewOf(40, 4, 5), earlier: { tick: 253, view: viewOf(20, 4) } })),
  }
}

test('DESIGN §5 the wire has not changed without a new version', () => {
  const frames = Object.values(UP_FRAMES).map((schema) => z.toJSONSchema(schema, { io: 'input' }))
  const down = z.toJSONSchema(DownFrame)
  expect(roomFrames()).toEqual(PINNED_ROOM_FRAMES)
  const text = JSON.stringify([SUBPROTOCOLS, CLOSE, frames, down, ROOM_FRAME, ROOM_HEADER_BYTES, NO_TICK])
  expect(createHash('sha256').update(text).digest('hex')).toBe(PINNED)
})
