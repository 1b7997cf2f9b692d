import type { Leases } from '@meydan/kernel/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

export interface LeasesUnderTest {
  readonly leases: Leases
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

const LONG_MS = 60_000

/** What every driver of the lease port does. `shortMs` is what tests let pass: enough for a busy machine where time is real. */
export function leasesSuite(driver: string, open: () => Promise<LeasesUnderTest>, shortMs = 300): void {
  describe(`leases on ${driver}`, () => {
    let made: LeasesUnderTest
    let leases: Leases
    beforeAll(async () => {
      made = await open()
      leases = made.leases
    })
    afterAll(() => made.close())

    test('L1 of many who ask at once one gets the lease', async () => {
      const asked = await Promise.all(Array.from({ length: 20 }, (_, n) => leases.acquire('l1', `owner-${n}`, LONG_MS)))
      const got = asked.filter((lease) => lease !== null)
      expect(got).toHaveLength(1)
      expect(await leases.holder('l1')).toEqual(got[0])
    })
    test('L2 the owner that asks again has the same token', async () => {
      const first = await leases.acquire('l2', 'ada', LONG_MS)
      expect(await leases.acquire('l2', 'ada', LONG_MS)).toEqual(first)
      expect(await leases.acquire('l2', 'bo', LONG_MS)).toBeNull()
    })
    test('L3 the token grows with every change of owner, however the last one let go', async () => {
      const first = await leases.acquire('l3', 'ada', shortMs)
      await made.pass(shortMs + 50)
      const second = await leases.acquire('l3', 'bo', LONG_MS)
      if (!first || !second) throw new Error('both should have had the lease')
      expect(second.token).toBeGreaterThan(first.token)
      await leases.release(second)
      expect(await leases.holder('l3')).toBeNull()
      const third = await leases.acquire('l3', 'ada', LONG_MS)
      expect(third?.token).toBeGreaterThan(second.token)
    })
    test('A8 L4 an owner that was stalled finds its lease lost and cannot harm the next one', async () => {
      const stale = await leases.acquire('l4', 'ada', shortMs)
      if (!stale) throw new Error('nobody else holds it')
      expect(await leases.renew(stale, shortMs)).toBe(true)
      await made.pass(shortMs + 50)
      expect(await leases.renew(stale, LONG_MS)).toBe(false)
      const next = await leases.acquire('l4', 'bo', LONG_MS)
      expect(await leases.renew(stale, LONG_MS)).toBe(false)
      await leases.release(stale)
      expect(await leases.holder('l4')).toEqual(next)
    })
    test('L4 an owner whose lease ran out gets a new token like anybody else', async () => {
      const first = await leases.acquire('l4-same', 'ada', shortMs)
      await made.pass(shortMs + 50)
      const again = await leases.acquire('l4-same', 'ada', LONG_MS)
      if (!first || !again) throw new Error('nobody else wants it')
      expect(again.token).toBeGreaterThan(first.token)
      expect(await leases.renew(first, LONG_MS)).toBe(false)
    })
    test('L5 renewing keeps the lease beyond its first time', async () => {
      const lease = await leases.acquire('l5', 'ada', shortMs)
      if (!lease) throw new Error('nobody else holds it')
      for (let renewal = 0; renewal < 3; renewal++) {
        await made.pass(shortMs / 2)
        expect(await leases.renew(lease, shortMs)).toBe(true)
      }
      expect(await leases.acquire('l5', 'bo', LONG_MS)).toBeNull()
    })
  })
}
