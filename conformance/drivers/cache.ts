import type { Cache } from '@meydan/kernel/storage'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

export interface CacheUnderTest {
  readonly cache: Cache
  /** Lets this much time pass for the cache. */
  pass(ms: number): Promise<void>
  close(): Promise<void>
}

const LONG_MS = 60_000

/**
 * What every driver of the cache port does. Keys of one test are its own.
 * `shortMs` is what tests let pass: enough for a busy machine where time is real.
 */
export function cacheSuite(driver: string, open: () => Promise<CacheUnderTest>, shortMs = 200): void {
  describe(`cache on ${driver}`, () => {
    let made: CacheUnderTest
    let cache: Cache
    beforeAll(async () => {
      made = await open()
      cache = made.cache
    })
    afterAll(() => made.close())

    test('K1 a value comes back as it was given, and what is done to it afterwards stays outside', async () => {
      const value = { name: 'Ada', hits: [1, 2.5, -3], deep: { ok: true, nothing: null } }
      await cache.set('k1', value, LONG_MS)
      value.hits.push(99)
      expect(await cache.get('k1')).toEqual({ name: 'Ada', hits: [1, 2.5, -3], deep: { ok: true, nothing: null } })
      expect(await cache.get('k1-none')).toBeUndefined()
    })
    test('K1 bytes come back as bytes of their own', async () => {
      const bytes = Uint8Array.of(0, 255, 7)
      await cache.set('k1-bytes', bytes, LONG_MS)
      bytes[0] = 9
      const once = await cache.get('k1-bytes')
      expect(once).toEqual(Uint8Array.of(0, 255, 7))
      if (once instanceof Uint8Array) once[1] = 0
      expect(await cache.get('k1-bytes')).toEqual(Uint8Array.of(0, 255, 7))
    })
    test('K1 null, false, zero, the empty text and the largest whole number are values', async () => {
      for (const value of [null, false, 0, '', Number.MAX_SAFE_INTEGER, 'ş\u{1F3DF}']) {
        await cache.set('k1-edge', value, LONG_MS)
        expect(await cache.get('k1-edge')).toBe(value)
      }
    })
    test('K2 a value is gone after its time, and writing again gives it new time', async () => {
      await cache.set('k2', 1, shortMs)
      await cache.set('k2-again', 1, shortMs)
      await cache.set('k2-again', 2, LONG_MS)
      expect(await cache.has(['k2', 'k2-none', 'k2-again'])).toEqual([true, false, true])
      await made.pass(shortMs + 50)
      expect(await cache.has(['k2', 'k2-none', 'k2-again'])).toEqual([false, false, true])
      expect(await cache.get('k2')).toBeUndefined()
    })
    test('K2 a time that is no time is refused', async () => {
      for (const ttlMs of [0, -1, Number.NaN, 25 * 60 * 60 * 1_000]) {
        await expect(cache.set('k2-bad', 1, ttlMs)).rejects.toThrow(RangeError)
      }
    })
    test('K3 of many who set if absent, one does', async () => {
      const tries = await Promise.all(Array.from({ length: 20 }, (_, n) => cache.setIfAbsent('k3', n, LONG_MS)))
      const winner = tries.indexOf(true)
      expect(tries.filter(Boolean)).toHaveLength(1)
      expect(await cache.get('k3')).toBe(winner)
      await cache.delete('k3')
      expect(await cache.setIfAbsent('k3', 'next', shortMs)).toBe(true)
      await made.pass(shortMs + 50)
      expect(await cache.setIfAbsent('k3', 'after its time', LONG_MS)).toBe(true)
    })
    test('K4 a counter loses no count and lives from its first use', async () => {
      const sums = await Promise.all(Array.from({ length: 50 }, () => cache.increment('k4', 2, LONG_MS)))
      expect(Math.max(...sums)).toBe(100)
      expect(new Set(sums).size).toBe(50)
      await cache.increment('k4-short', 5, shortMs)
      await made.pass(shortMs / 2)
      expect(await cache.increment('k4-short', -1, shortMs)).toBe(4)
      await made.pass(shortMs / 2 + 50)
      expect(await cache.increment('k4-short', 1, shortMs)).toBe(1)
    })
    test('A9 K5 a sorted set ranks from the highest score down, ties by member descending', async () => {
      const { sorted } = cache
      for (const [member, score] of [
        ['ada', 10],
        ['bo', 30],
        ['cy', 20],
        ['di', 20],
      ] as const) {
        await sorted.add('k5', member, score, LONG_MS)
      }
      expect(await sorted.top('k5', 0, 2)).toEqual([
        { member: 'bo', score: 30 },
        { member: 'di', score: 20 },
        { member: 'cy', score: 20 },
      ])
      expect(await sorted.rank('k5', 'ada')).toBe(3)
      expect(await sorted.addTo('k5', 'ada', 25.5, LONG_MS)).toBe(35.5)
      expect(await sorted.rank('k5', 'ada')).toBe(0)
      await sorted.remove('k5', 'bo')
      expect(await sorted.size('k5')).toBe(3)
      expect(await sorted.score('k5', 'bo')).toBeUndefined()
      expect(await sorted.rank('k5', 'bo')).toBeUndefined()
      expect(await sorted.top('k5', 5, 9)).toEqual([])
      expect(await sorted.top('k5-none', 0, 9)).toEqual([])
    })
    test('K5 a sorted set expires after it was last added to', async () => {
      await cache.sorted.add('k5-short', 'ada', 1, shortMs)
      await made.pass(shortMs / 2)
      await cache.sorted.add('k5-short', 'bo', 2, shortMs)
      await made.pass(shortMs / 2 + 20)
      expect(await cache.sorted.size('k5-short')).toBe(2)
      await made.pass(shortMs + 50)
      expect(await cache.sorted.size('k5-short')).toBe(0)
    })
    test('K6 keys of up to 256 characters are taken, longer ones and none refused', async () => {
      await cache.set('k'.repeat(256), 1, LONG_MS)
      expect(await cache.get('k'.repeat(256))).toBe(1)
      await expect(cache.get('k'.repeat(257))).rejects.toThrow(RangeError)
      await expect(cache.set('', 1, LONG_MS)).rejects.toThrow(RangeError)
    })
  })
}
