import type { Id } from '@meydan/contracts/core'
import type { Gift, Reward } from '@meydan/contracts/rewards'
import type { Kit } from '@meydan/kernel/rpc'
import { boosted } from './rules.ts'
import { type Entry, findBoosters, insertRewards, lockPlayers, type PlayerState, type Tx } from './store.ts'
import type { RewardSpec, RewardTypes } from './types.ts'
import { addUnpaid } from './unpaid.store.ts'

/** What somebody is to be given, once for its key. */
export interface Want extends Reward {
  readonly playerId: Id
  readonly caller: string
  readonly key: string
  readonly reason: string
}

/** What the platform gives by itself, a key for each; no service's and no admin's keys are among them. */
export function ownWants(playerId: Id, rewards: readonly Reward[], key: string, reason: string): Want[] {
  return rewards.map((reward, index) => ({ ...reward, playerId, caller: 'platform', key: `${key}:${index}`, reason }))
}

export type GivingParts = Pick<Kit, 'clock' | 'nextId'> & { readonly types: RewardTypes }

/**
 * Gives in the caller's transaction, under the locks of the players' rows; what it leads to at the wallet is done after the commit. Of
 * wants whose key was used, or whose player has no row or deleted the account, nothing is given. A gift for each player who got something.
 */
export async function give(tx: Tx, { clock, nextId, types }: GivingParts, wants: readonly Want[]): Promise<Gift[]> {
  if (wants.length === 0) return []
  const at = new Date(clock.now())
  const players = await lockPlayers(tx, [...new Set(wants.map(({ playerId }) => playerId))])
  const known = wants.flatMap((want) => {
    const spec = types.get(want.type)
    return spec && players.get(want.playerId)?.deleted === false ? [{ ...want, spec, rewardId: nextId() }] : []
  })
  const factors = await factorsOf(tx, types, known, at)
  const entries = entriesOf(known, players, factors)
  if (entries.length === 0) return []
  const written = await insertRewards(tx, entries, at)
  const fresh = entries.filter(({ rewardId }) => written.has(rewardId))
  await addUnpaid(tx, fresh, at)
  return giftsOf(fresh, players)
}

type Known = Want & { readonly spec: RewardSpec; readonly rewardId: Id }

/** Factors of the boosters that run, for those who gain experience. */
async function factorsOf(tx: Tx, types: RewardTypes, known: readonly Known[], at: Date): Promise<Map<Id, number[]>> {
  const gaining = known.filter(({ spec }) => spec.kind === 'experience').map(({ playerId }) => playerId)
  if (gaining.length === 0) return new Map()
  const found = await findBoosters(tx, gaining, at)
  const byPlayer = Map.groupBy(found, ({ playerId }) => playerId)
  return new Map(
    [...byPlayer].map(([playerId, rows]) => [playerId, rows.flatMap(({ type }) => types.get(type)?.factor ?? [])]),
  )
}

/** Rows in the order of their keys, so that two who write the same never wait in a circle. */
function entriesOf(
  known: readonly Known[],
  players: ReadonlyMap<Id, PlayerState>,
  factors: ReadonlyMap<Id, readonly number[]>,
): Entry[] {
  const experience = new Map([...players].map(([playerId, state]) => [playerId, state.experience]))
  return known
    .map(({ spec: { kind }, ...want }) => {
      if (kind !== 'experience') return { ...want, kind, gained: want.amount }
      const before = experience.get(want.playerId) ?? 0
      const gained = boosted(want.amount, factors.get(want.playerId) ?? [], before)
      experience.set(want.playerId, before + gained)
      return { ...want, kind, gained }
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1))
}

function giftsOf(entries: readonly Entry[], players: ReadonlyMap<Id, PlayerState>): Gift[] {
  return [...Map.groupBy(entries, ({ playerId }) => playerId)].map(([playerId, own]) => {
    const experienceBefore = players.get(playerId)?.experience ?? 0
    const gained = own.filter(({ kind }) => kind === 'experience').reduce((sum, entry) => sum + entry.gained, 0)
    return {
      playerId,
      reason: own[0]?.reason ?? '',
      given: own.flatMap(({ rewardId, type, gained }) => (gained > 0 ? [{ rewardId, type, amount: gained }] : [])),
      experienceBefore,
      experienceAfter: experienceBefore + gained,
    }
  })
}
