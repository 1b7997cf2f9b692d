import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { NO_TICK, ROOM_FRAME, ROOM_HEADER_BYTES } from '../wire/index.ts'
import { CLOSE, DownFrame, SUBPROTOCOLS, UP_FRAMES } from './index.ts'

/**
 * What clients of version 1 rely on. When this test fails, the wire has changed: either take the change back, or make it one that older
 * clients survive (a new optional field, a new frame) and pin the new hash, or raise the subprotocol's version.
 */
const PINNED = '7fa3f639abc62044805bbb675860227afc1321582e896aae9e9fe9a4da027b38'

test('DESIGN §5 the wire has not changed without a new version', () => {
  const frames = Object.values(UP_FRAMES).map((schema) => z.toJSONSchema(schema, { io: 'input' }))
  const down = z.toJSONSchema(DownFrame)
  const text = JSON.stringify([SUBPROTOCOLS, CLOSE, frames, down, ROOM_FRAME, ROOM_HEADER_BYTES, NO_TICK])
  expect(createHash('sha256').update(text).digest('hex')).toBe(PINNED)
})
