import type { Leases } from '@meydan/kernel/storage'
import type { Redis } from './connect.ts'

/**
 * Leases among all processes on one Redis. Time is the server's. Why tokens grow whatever happens to the server is in the
 * README beside this file. Methods throw UNAVAILABLE while Redis is away.
 */
export function redisLeases({ ask }: Redis): Leases {
  return {
    async acquire(name, owner, ttlMs) {
      const token = await ask('acquire', (client) => client.acquire(keyOf(name), owner, whole(ttlMs)))
      return token === null ? null : { name, owner, token: BigInt(token) }
    },
    async renew({ name, owner, token }, ttlMs) {
      return (await ask('renew', (client) => client.renew(keyOf(name), owner, whole(ttlMs), String(token)))) === 1
    },
    async release({ name, owner, token }) {
      await ask('release', (client) => client.release(keyOf(name), owner, String(token)))
    },
    async holder(name) {
      const held = await ask('holder', (client) => client.holder(keyOf(name)))
      return held && { name, owner: held.owner, token: BigInt(held.token) }
    },
  }
}

const keyOf = (name: string): string => `lease:${name}`

const whole = (ttlMs: number): string => String(Math.ceil(ttlMs))
