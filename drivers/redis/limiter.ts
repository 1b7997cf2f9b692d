import { type Limiter, memoryLimiter } from '@meydan/kernel/rpc'
import { sparing } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import type { Redis } from './connect.ts'

/**
 * Fixed windows that all processes on one Redis share. Who has used up a limit here alone is refused without asking Redis.
 * While Redis is away each process counts for itself, and says so in the log: a limit is no reason to refuse what works.
 */
export function redisLimiter({ ask, log }: Redis, clock: Clock): Limiter {
  const here = memoryLimiter(clock)
  const said = sparing(log)
  return {
    async take(key, limit) {
      const taken = here.take(key, limit)
      if (!taken.allowed) return taken
      const { points, perS } = limit
      try {
        const window = await ask('limit', (client) => client.count(`limit:${key}`, '1', String(perS * 1_000)))
        const [remaining, resetS] = [Math.max(0, points - window.sum), Math.ceil(window.leftMs / 1_000)]
        return { allowed: window.sum <= points, state: { points, perS, remaining, resetS } }
      } catch (error) {
        said.warn('limits', { err: error }, 'limits are counted by each process for itself')
        return taken
      }
    },
  }
}
