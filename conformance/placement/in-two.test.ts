import type { Caller } from '@meydan/kernel/rpc'
import { afterAll, describe, expect, test } from 'vitest'
import { inTwo } from './places.ts'
import { scenarios } from './scenarios.ts'

/** The same with `back` in a second process, and what can only happen to a second process. */

const place = await inTwo()
afterAll(() => place.close())

for (const scenario of scenarios) test(scenario.name, () => scenario.run(place))

describe('the second process', () => {
  const nobody: Caller = { kind: 'anonymous', address: '192.0.2.1' }
  const call = (name: string, timeoutMs?: number) => place.host.call(name, {}, place.from(nobody, timeoutMs))

  test('is one', async () => {
    expect(await call('back.sum')).not.toMatchObject({ pid: process.pid })
  })

  test('K7 when it is killed, an idempotent call goes on with the one that takes its place', async () => {
    const before = await call('back.sum')
    const next = await place.spare()
    await place.kill()
    const asked = call('back.sum')
    await expect.poll(place.metrics, { interval: 5 }).toMatch(/meydan_mesh_retries_total\{service="back"\} [1-9]/)
    next.putInPlace()
    const after = await asked
    expect(after).toMatchObject({ sum: 0 })
    expect(after).not.toEqual(before)
  })

  test('K7 when it is killed, a call that is not idempotent is UNAVAILABLE, and works again afterwards', async () => {
    const next = await place.spare()
    await place.kill()
    await expect(call('back.add')).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterS: 1 })
    await expect(call('front.name')).resolves.toEqual({ name: 'front' })
    next.putInPlace()
    await expect(call('back.add')).resolves.toMatchObject({ sum: 1 })
  })

  test('K7 when it is killed during a call, that call ends', async () => {
    const next = await place.spare()
    const name = 'killed'
    const slow = place.host.call('back.slow', { name }, place.from(nobody))
    await place.host.call('back.slowBegan', { name }, place.from(nobody))
    await place.kill()
    await expect(slow).rejects.toMatchObject({ code: 'UNAVAILABLE' })
    next.putInPlace()
    await expect(call('back.sum')).resolves.toMatchObject({ sum: 0 })
  })

  test('K2 when it hangs, calls end at their deadline and nobody else waits', async () => {
    place.stall()
    try {
      const startedMs = performance.now()
      await expect(call('back.sum', 200)).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED' })
      expect(performance.now() - startedMs).toBeLessThan(1_000)
      await expect(call('front.name')).resolves.toEqual({ name: 'front' })
    } finally {
      place.wake()
    }
    await expect(call('back.sum')).resolves.toBeDefined()
  })
})
