import { USER_CREATED, USER_DELETED } from '@meydan/contracts/identity'
import { MATCH_FINISHED, type Match } from '@meydan/contracts/matches'
import { CAMPAIGN_DELIVERED, CAMPAIGN_SENT, MATCH_REWARDED } from '@meydan/contracts/rewards'
import { type Listener, listen } from '@meydan/kernel/events'
import { recipientsBetween } from './campaigns.store.ts'
import { deliverNext } from './delivering.ts'
import { give, ownWants, type Want } from './giving.ts'
import type { Parts } from './parts.ts'
import { matchRewards } from './rules.ts'
import { addPlayers, forgetPlayer, type RewardsTables } from './store.ts'

/** What rewards hear. CAMPAIGN_SENT is published by `send`; the others of their own here and in delivering.ts. */
export function rewardsListeners({ kit, types, payer, teller }: Parts): Listener[] {
  return [
    listen<typeof USER_CREATED, RewardsTables>(USER_CREATED, 'know-player', (tx, { data }) =>
      addPlayers(tx, [data.userId]),
    ),
    listen<typeof USER_DELETED, RewardsTables>(USER_DELETED, 'forget', (tx, { data }) => forgetPlayer(tx, data.userId)),
    listen<typeof MATCH_FINISHED, RewardsTables>(MATCH_FINISHED, 'reward-match', async (tx, { data, traceparent }) => {
      const wants = wantsOf(data.match)
      await addPlayers(
        tx,
        wants.map(({ playerId }) => playerId),
      )
      const gifts = await give(tx, { ...kit, types }, wants)
      if (gifts.length === 0) return
      await kit.events.publish(tx, MATCH_REWARDED, { matchId: data.match.matchId, gifts }, { traceparent })
    }),
    listen<typeof MATCH_REWARDED, RewardsTables>(MATCH_REWARDED, 'pay-and-tell', async (_tx, { data, traceparent }) => {
      await payer.paySoon(data.gifts, kit.ownContext(undefined, traceparent))
      teller.gifts(data.gifts)
    }),
    listen<typeof CAMPAIGN_SENT, RewardsTables>(CAMPAIGN_SENT, 'begin-campaign', (tx, { data }) =>
      deliverNext(tx, kit, data.campaignId, 'start'),
    ),
    listen<typeof CAMPAIGN_DELIVERED, RewardsTables>(CAMPAIGN_DELIVERED, 'go-on-with-campaign', (tx, { data }) =>
      deliverNext(tx, kit, data.campaignId, data.through),
    ),
    listen<typeof CAMPAIGN_DELIVERED, RewardsTables>(CAMPAIGN_DELIVERED, 'tell-recipients', async (tx, { data }) => {
      const playerIds = await recipientsBetween(tx, data.campaignId, data.after, data.through)
      if (playerIds.length === 0) return
      // Of a million recipients few are there to be told, and what is told on a topic costs whether or not anybody hears it.
      const online = await kit.call.players.online({ playerIds }, kit.ownContext())
      await teller.inboxes(online.playerIds)
    }),
  ]
}

/** For each person of a match, by the place; bots get nothing. */
function wantsOf({ matchId, placings }: Match): Want[] {
  const people = placings.filter(({ bot }) => !bot)
  return people.flatMap(({ playerId, rank }) =>
    ownWants(playerId, matchRewards(rank), `match:${matchId}:${playerId}`, 'reward.match'),
  )
}
