import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createProgress } from './progress.ts'

test('E2 in whatever order records are done, what is committable is done and everything before it', () => {
  const order = fc.integer({ min: 1, max: 50 }).chain((count) =>
    fc.shuffledSubarray(
      Array.from({ length: count }, (_, n) => n),
      { minLength: count },
    ),
  )
  fc.assert(
    fc.property(order, fc.bigInt({ min: 0n, max: 1_000n }), (offsets, start) => {
      const progress = createProgress(start)
      const finish = offsets.map((_, n) => progress.take(start + BigInt(n)))
      const done = new Set<number>()
      for (const n of offsets) {
        finish[n]?.()
        done.add(n)
        const undone = offsets.map((_, at) => at).find((at) => !done.has(at)) ?? offsets.length
        expect(progress.committable).toBe(start + BigInt(undone))
        expect(progress.outstanding).toBe(offsets.length - undone)
      }
    }),
  )
})

test('E2 offsets that are no records are passed over', () => {
  const progress = createProgress(5n)
  const finish = progress.take(5n)
  progress.advance(9n)
  expect([progress.position, progress.committable]).toEqual([9n, 5n])
  finish()
  expect(progress.committable).toBe(9n)
})
