import { createHash } from 'node:crypto'
import type { Id } from '@meydan/contracts/core'
import { CAMPAIGN_SENT, type Campaign, type rewards, rewardsErrors } from '@meydan/contracts/rewards'
import type { Handlers } from '@meydan/kernel/rpc'
import {
  type CampaignRow,
  findCampaign,
  findCampaignByKey,
  findCampaigns,
  insertCampaign,
  lockCampaign,
  saveProgress,
} from './campaigns.store.ts'
import type { Parts } from './parts.ts'
import { reachOf } from './rules.ts'
import type { RewardsTables } from './store.ts'
import { specOf } from './types.ts'

type Campaigning = Pick<Handlers<typeof rewards>, 'send' | 'campaigns' | 'campaign' | 'cancel'>

/** What admins ask of campaigns; `delivering.ts` delivers them. */
export function campaignHandlers({ kit, types, census }: Parts): Campaigning {
  const db = kit.db.tables<RewardsTables>()
  return {
    async send({ key, ...asked }, context) {
      for (const [index, reward] of asked.rewards.entries()) specOf(types, reward, `rewards.${index}.type`)
      if ('playerIds' in asked.to) await census.meet(asked.to.playerIds, context)
      const { to, title, text, rewards, expiresInMs } = asked
      const by = context.caller.playerId
      const campaignId = kit.nextId()
      const at = new Date(kit.clock.now())
      const expiresAt = new Date(at.getTime() + expiresInMs)
      const requestHash = createHash('sha256').update(JSON.stringify(asked)).digest()
      const made = {
        campaignId,
        by,
        key,
        requestHash,
        title,
        text,
        rewards,
        at,
        expiresAt,
        reach: reachOf(to, campaignId),
      }
      const row = await kit.db.transaction<RewardsTables, CampaignRow>(async (tx) => {
        const inserted = await insertCampaign(tx, made)
        if (!inserted) return knownByKey(tx, made)
        await kit.events.publish(tx, CAMPAIGN_SENT, { campaignId }, { traceparent: context.traceparent })
        return inserted
      })
      return viewOf(row)
    },

    async campaigns({ before, limit }) {
      return { campaigns: (await findCampaigns(db, before, limit)).map(viewOf) }
    },

    async campaign({ campaignId }) {
      const row = await findCampaign(db, campaignId)
      if (!row) throw rewardsErrors.UNKNOWN_CAMPAIGN()
      return viewOf(row)
    },

    async cancel({ campaignId }) {
      return kit.db.transaction<RewardsTables, Campaign>(async (tx) => {
        const row = await lockCampaign(tx, campaignId)
        if (!row) throw rewardsErrors.UNKNOWN_CAMPAIGN()
        if (row.state === 'sent') throw rewardsErrors.CAMPAIGN_ENDED()
        if (row.state === 'cancelled') return viewOf(row)
        const endedAt = new Date(kit.clock.now())
        await saveProgress(tx, campaignId, { ...row, state: 'cancelled', endedAt })
        return viewOf({ ...row, state: 'cancelled', endedAt: endedAt.toISOString() })
      })
    },
  }
}

type Asked = { readonly by: Id; readonly key: string; readonly requestHash: Buffer }

/** What was sent with the key before. Throws KEY_REUSED when that is something else. */
async function knownByKey(
  db: Parameters<typeof findCampaignByKey>[0],
  { by, key, requestHash }: Asked,
): Promise<CampaignRow> {
  const known = await findCampaignByKey(db, by, key)
  if (!known?.requestHash.equals(requestHash)) throw rewardsErrors.KEY_REUSED({ details: { field: 'key' } })
  return known
}

const viewOf = ({ campaignId, title, state, recipients, delivered, by, at, endedAt }: CampaignRow): Campaign => ({
  campaignId,
  title,
  state,
  recipients,
  delivered,
  by,
  at,
  endedAt,
})
