import { setInputSeq } from '@meydan/contracts/wire'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameBatch, readBatch } from './batch.ts'

const Frame = fc.uint8Array({ minLength: 5, maxLength: 40_000, size: 'medium' })

test('A8 what was put into a batch comes out of it, with the bytes of those that share them told once', () => {
  const shared = fc.tuple(Frame, fc.array(fc.tuple(fc.nat(0xffffffff), fc.nat(0xffff)), { minLength: 1, maxLength: 5 }))
  fc.assert(
    fc.property(fc.array(shared, { maxLength: 8 }), (groups) => {
      const batch = new FrameBatch(7)
      const put: [number, Uint8Array][] = []
      for (const [frame, viewers] of groups) {
        for (const [line, seq] of viewers) {
          setInputSeq(frame, seq)
          batch.add(line, frame)
          put.push([line, frame.slice()])
        }
      }
      const message = batch.take()
      expect(message.length).toBe(1 + 10 * put.length + groups.reduce((sum, [frame]) => sum + frame.length, 0))
      const got: [number, Uint8Array][] = []
      readBatch(message, (line, frame) => got.push([line, Uint8Array.from(frame)]))
      expect(got).toEqual(put)
      expect([message[0], batch.isEmpty]).toEqual([7, true])
    }),
  )
})

test('A8 a batch that is cut short is refused', () => {
  const batch = new FrameBatch(1)
  batch.add(1, new Uint8Array(9))
  const message = batch.take()
  for (const length of [2, 11, message.length - 1]) {
    expect(() => readBatch(message.subarray(0, length), () => undefined)).toThrow(RangeError)
  }
})
