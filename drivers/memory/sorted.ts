import type { SortedSets } from '@meydan/kernel/storage'
import type { Clock } from '@meydan/kernel/time'
import { expiringMap } from './expiring.ts'

interface Member {
  readonly member: string
  readonly score: number
}

interface SortedSet {
  readonly scores: Map<string, number>
  /** From the highest score down; ties by member, descending. */
  readonly order: Member[]
}

const SETS_MAX = 20_000
/** Members of one set; beyond it the lowest are dropped. */
const MEMBERS_MAX = 200_000

/** Sorted sets in memory: an array in order and an index by member. Adding costs a binary search and a memory move. */
export function memorySortedSets(clock: Clock): SortedSets {
  const sets = expiringMap<SortedSet>(clock, { keysMax: SETS_MAX })

  const put = (key: string, member: string, score: number, ttlMs: number) => {
    if (!Number.isFinite(score)) throw new RangeError(`a score is a finite number, not ${score}`)
    if (!(ttlMs >= 1)) throw new RangeError(`ttlMs is at least 1, not ${ttlMs}`)
    const set = sets.get(key) ?? { scores: new Map(), order: [] }
    takeOut(set, member)
    set.scores.set(member, score)
    set.order.splice(placeOf(set, { member, score }), 0, { member, score })
    if (set.order.length > MEMBERS_MAX) {
      const lowest = set.order.pop()
      if (lowest) set.scores.delete(lowest.member)
    }
    sets.set(key, set, ttlMs)
  }

  return {
    async add(key, member, score, ttlMs) {
      put(key, member, score, ttlMs)
    },
    async addTo(key, member, by, ttlMs) {
      const score = (sets.get(key)?.scores.get(member) ?? 0) + by
      put(key, member, score, ttlMs)
      return score
    },
    async remove(key, member) {
      const set = sets.get(key)
      if (!set) return
      takeOut(set, member)
      if (set.order.length === 0) sets.delete(key)
    },
    async size(key) {
      return sets.get(key)?.order.length ?? 0
    },
    async score(key, member) {
      return sets.get(key)?.scores.get(member)
    },
    async rank(key, member) {
      const set = sets.get(key)
      const score = set?.scores.get(member)
      return set === undefined || score === undefined ? undefined : placeOf(set, { member, score })
    },
    async top(key, from, to) {
      if (from < 0 || to < from) return []
      return (sets.get(key)?.order.slice(from, to + 1) ?? []).map(({ member, score }) => ({ member, score }))
    },
  }
}

function takeOut(set: SortedSet, member: string): void {
  const score = set.scores.get(member)
  if (score === undefined) return
  set.order.splice(placeOf(set, { member, score }), 1)
  set.scores.delete(member)
}

/** Where the member stands, or would. */
function placeOf({ order }: SortedSet, wanted: Member): number {
  let low = 0
  let high = order.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = order[middle]
    if (at !== undefined && comesBefore(at, wanted)) low = middle + 1
    else high = middle
  }
  return low
}

function comesBefore(a: Member, b: Member): boolean {
  return a.score === b.score ? a.member > b.member : a.score > b.score
}
