import type { Lease, Leases } from '@meydan/kernel/storage'
import type { Clock } from '@meydan/kernel/time'
import { expiringMap } from './expiring.ts'

const LEASES_MAX = 100_000
/** Room for this many changes of owner per millisecond of uptime before tokens could meet those of a later start. */
const TOKENS_PER_MS = 1_000n

/** Leases among the parts of one process. Tokens begin at the wall time, so that they grow over restarts too. */
export function memoryLeases(clock: Clock): Leases {
  const held = expiringMap<Lease>(clock, { keysMax: LEASES_MAX })
  let lastToken = BigInt(Math.floor(clock.now())) * TOKENS_PER_MS

  const mine = (lease: Lease) => {
    const now = held.get(lease.name)
    return now !== undefined && now.owner === lease.owner && now.token === lease.token
  }
  return {
    async acquire(name, owner, ttlMs) {
      const now = held.get(name)
      if (now && now.owner !== owner) return null
      const lease = now ?? { name, owner, token: ++lastToken }
      held.set(name, lease, ttlMs)
      return lease
    },
    async renew(lease, ttlMs) {
      if (!mine(lease)) return false
      held.set(lease.name, lease, ttlMs)
      return true
    },
    async release(lease) {
      if (mine(lease)) held.delete(lease.name)
    },
    async holder(name) {
      return held.get(name) ?? null
    },
  }
}
