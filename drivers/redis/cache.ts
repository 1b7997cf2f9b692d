import { type Cache, checkedKey, checkedTtl } from '@meydan/kernel/storage'
import { ErrorReply, RESP_TYPES } from '@redis/client'
import type { Redis } from './connect.ts'
import { redisSortedSets } from './sorted.ts'
import { fromStored, toStored } from './value.ts'

const AS_BYTES = { [RESP_TYPES.BLOB_STRING]: Buffer }

/** A cache that all processes on one Redis share. Methods throw UNAVAILABLE while Redis is away. */
export function redisCache(redis: Redis): Cache {
  const { ask } = redis
  return {
    async get(key) {
      const name = keyOf(key)
      const stored = await ask('get', (client) => client.withTypeMapping(AS_BYTES).get(name))
      return stored === null ? undefined : fromStored(stored)
    },
    async set(key, value, ttlMs) {
      const [name, stored, PX] = [keyOf(key), toStored(value), wholeTtl(ttlMs)]
      await ask('set', (client) => client.set(name, stored, { expiration: { type: 'PX', value: PX } }))
    },
    async setIfAbsent(key, value, ttlMs) {
      const [name, stored, PX] = [keyOf(key), toStored(value), wholeTtl(ttlMs)]
      const options = { condition: 'NX', expiration: { type: 'PX', value: PX } } as const
      return (await ask('set', (client) => client.set(name, stored, options))) !== null
    },
    async has(keys) {
      const names = keys.map(keyOf)
      // One command a key, in one write: on a cluster they may live on different servers.
      const there = await ask('exists', (client) => Promise.all(names.map((name) => client.exists(name))))
      return there.map((count) => count === 1)
    },
    async delete(key) {
      const name = keyOf(key)
      await ask('unlink', (client) => client.unlink(name))
    },
    async increment(key, by, ttlMs) {
      if (!Number.isSafeInteger(by)) throw new RangeError('a counter counts whole numbers')
      const [name, ttl] = [keyOf(key), String(wholeTtl(ttlMs))]
      const { sum } = await ask('count', (client) => client.count(name, String(by), ttl).catch(notACounter(key)))
      return sum
    },
    sorted: redisSortedSets(redis),
  }
}

const keyOf = (key: string): string => `cache:${checkedKey(key)}`

/** Redis counts in whole milliseconds. */
const wholeTtl = (ttlMs: number): number => Math.ceil(checkedTtl(ttlMs))

const notACounter =
  (key: string) =>
  (error: unknown): never => {
    const isValue = error instanceof ErrorReply && error.message.includes('not an integer')
    throw isValue ? new TypeError(`'${key}' holds a value, not a counter`) : error
  }
