import { expect, test } from 'vitest'
import { createGate } from './gate.ts'

test('E8 a gate lets so many in at a time, in the order they came, and a failure gives its place back', async () => {
  const gate = createGate(2)
  const order: number[] = []
  let inside = 0
  let most = 0
  const visits = Array.from({ length: 10 }, (_, n) =>
    gate.run(async () => {
      order.push(n)
      most = Math.max(most, ++inside)
      await Promise.resolve()
      inside--
      if (n % 3 === 0) throw new Error('out again at once')
    }),
  )
  const results = await Promise.allSettled(visits)
  expect(most).toBe(2)
  expect(order).toEqual(Array.from({ length: 10 }, (_, n) => n))
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(4)
})
