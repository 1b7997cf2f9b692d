import { checkedKey, type SortedSets } from '@meydan/kernel/storage'
import type { Redis } from './connect.ts'

/** Members of one set; beyond it the lowest are dropped. */
const MEMBERS_MAX = 200_000

export function redisSortedSets({ ask }: Redis): SortedSets {
  const put = async (how: 'zadd' | 'zincrby', key: string, member: string, by: number, ttlMs: number) => {
    if (!Number.isFinite(by)) throw new RangeError(`a score is a finite number, not ${by}`)
    if (!(ttlMs >= 1 && ttlMs < Number.POSITIVE_INFINITY)) throw new RangeError(`ttlMs is at least 1, not ${ttlMs}`)
    const [name, score, ttl] = [keyOf(key), String(by), String(Math.ceil(ttlMs))]
    return Number(await ask(how, (client) => client.rank(name, how, score, member, ttl, String(MEMBERS_MAX))))
  }
  return {
    async add(key, member, score, ttlMs) {
      await put('zadd', key, member, score, ttlMs)
    },
    addTo: (key, member, by, ttlMs) => put('zincrby', key, member, by, ttlMs),
    async remove(key, member) {
      await ask('zrem', (client) => client.zRem(keyOf(key), member))
    },
    size: (key) => ask('zcard', (client) => client.zCard(keyOf(key))),
    score: async (key, member) => (await ask('zscore', (client) => client.zScore(keyOf(key), member))) ?? undefined,
    rank: async (key, member) => (await ask('zrevrank', (client) => client.zRevRank(keyOf(key), member))) ?? undefined,
    async top(key, from, to) {
      if (from < 0 || to < from) return []
      const found = await ask('zrange', (client) => client.zRangeWithScores(keyOf(key), from, to, { REV: true }))
      return found.map(({ value, score }) => ({ member: value, score }))
    },
  }
}

const keyOf = (key: string): string => `sorted:${checkedKey(key)}`
