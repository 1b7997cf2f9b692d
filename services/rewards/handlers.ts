import { core } from '@meydan/contracts/core'
import { type Gift, type Reward, type rewards, rewardsErrors } from '@meydan/contracts/rewards'
import type { CallContext, Handlers, PlayerContext } from '@meydan/kernel/rpc'
import { campaignHandlers } from './campaigns.ts'
import { give, ownWants } from './giving.ts'
import { inboxHandlers } from './inbox.ts'
import { ownState } from './own.ts'
import type { Parts } from './parts.ts'
import { type Claimed, dailyRewards, dayOf, daysInRow, isClaimed, levelView, streakView } from './rules.ts'
import { findBoosters, findByKey, findItems, findPlayer, type Given, type RewardsTables, saveStreak } from './store.ts'
import { specOf } from './types.ts'

type Giving = Pick<Handlers<typeof rewards>, 'grant' | 'give'>
type Owning = Pick<Handlers<typeof rewards>, 'mine' | 'types' | 'claimDaily'>
type Asked = Parameters<Handlers<typeof rewards>['grant']>[0]

export function rewardsHandlers(parts: Parts): Handlers<typeof rewards> {
  return { ...givingHandlers(parts), ...owningHandlers(parts), ...inboxHandlers(parts), ...campaignHandlers(parts) }
}

function givingHandlers({ kit, types, payer, teller, census }: Parts): Giving {
  const giveFor = async (caller: string, asked: Asked, context: CallContext) => {
    specOf(types, asked, 'type')
    await census.meet([asked.playerId], context)
    const { gift, given } = await kit.db.transaction<RewardsTables, { gift: Gift | undefined; given: Given }>(
      async (tx) => {
        const [gift] = await give(tx, { ...kit, types }, [{ ...asked, caller }])
        const given = await findByKey(tx, caller, asked.key)
        if (!given) throw rewardsErrors.UNKNOWN_PLAYER({ details: { field: 'playerId' } })
        if (!isSame(given, asked)) throw rewardsErrors.KEY_REUSED({ details: { field: 'key' } })
        return { gift, given }
      },
    )
    if (given.unpaid) await payer.pay([gift ?? giftOf(given)], context)
    if (gift) teller.gifts([gift])
    return { rewardId: given.rewardId, at: given.at.toISOString() }
  }
  return {
    grant(asked, context) {
      if (context.caller.kind !== 'service') throw core.FORBIDDEN()
      return giveFor(`service:${context.caller.service}`, asked, context)
    },
    give: (asked, context) => giveFor(`admin:${context.caller.playerId}`, asked, context),
  }
}

const isSame = (given: Given, { playerId, type, amount, reason }: Asked): boolean =>
  given.playerId === playerId && given.type === type && given.amount === amount && given.reason === reason

/** Of money that was given before and not paid yet. */
const giftOf = ({ playerId, reason, rewardId, type, amount }: Given): Gift => ({
  playerId,
  reason,
  given: [{ rewardId, type, amount }],
  experienceBefore: 0,
  experienceAfter: 0,
})

function owningHandlers({ kit, types, payer, teller }: Parts): Owning {
  const db = kit.db.tables<RewardsTables>()
  return {
    async mine(_, { caller: { playerId } }) {
      const nowMs = kit.clock.now()
      const [player, items, boosters] = await Promise.all([
        findPlayer(db, playerId),
        findItems(db, playerId),
        findBoosters(db, [playerId], new Date(nowMs)),
      ])
      return {
        level: levelView(player?.experience ?? 0),
        items,
        boosters: boosters.flatMap(({ type, endsAt }) => {
          const factor = types.get(type)?.factor
          return factor ? [{ type, factor, endsAt: endsAt.toISOString() }] : []
        }),
        streak: streakView(player?.claimed ?? { days: 0, on: null }, nowMs),
      }
    },

    async types() {
      return { types: [...types].map(([type, { kind, factor }]) => ({ type, kind, factor })) }
    },

    async claimDaily(_, context: PlayerContext) {
      const nowMs = kit.clock.now()
      const on = dayOf(nowMs)
      const { gifts, rewards, claimed } = await kit.db.transaction<RewardsTables, ClaimedDay>(async (tx) => {
        const { playerId, claimed: before } = await ownState(tx, context)
        if (isClaimed(before, nowMs)) throw rewardsErrors.CLAIMED_TODAY()
        const claimed = { days: daysInRow(before, nowMs) + 1, on }
        await saveStreak(tx, playerId, claimed)
        const rewards = dailyRewards(claimed.days)
        const wants = ownWants(playerId, rewards, `daily:${playerId}:${on}`, 'reward.daily')
        return { gifts: await give(tx, { ...kit, types }, wants), rewards: [...rewards], claimed }
      })
      await payer.paySoon(gifts, context)
      teller.gifts(gifts)
      return { rewards, streak: streakView(claimed, nowMs) }
    },
  }
}

interface ClaimedDay {
  readonly gifts: Gift[]
  readonly rewards: Reward[]
  readonly claimed: Claimed
}
