import type { Id } from '@meydan/contracts/core'
import { CAMPAIGN_DELIVERED } from '@meydan/contracts/rewards'
import type { Job, Kit } from '@meydan/kernel/rpc'
import {
  type CampaignRow,
  clearStretch,
  countRecipients,
  deliverStretch,
  lockCampaign,
  saveProgress,
} from './campaigns.store.ts'
import { type RewardsTables, shareInboxes, type Tx } from './store.ts'

/** Players looked at in one transaction: some 20 ms of work, so that a million of them stall nobody. */
export const STRETCH_PLAYERS = 1_000
const CLEAR_EVERY_MS = 10_000
const CLEAR_PLAYERS = 10_000
const KEPT_AFTER_EXPIRY_MS = 30 * 24 * 60 * 60 * 1_000

/**
 * Serves the next stretch of players and publishes that it did, in one transaction: the event of a stretch leads to the next. So a
 * campaign goes on where it was when a process dies, and lets other events come between. `from` is where the event says that
 * it was; a campaign that is elsewhere, cancelled or sent is left alone.
 */
export async function deliverNext(
  tx: Tx,
  { events, clock }: Pick<Kit, 'events' | 'clock'>,
  campaignId: Id,
  from: Id | 'start',
): Promise<void> {
  await shareInboxes(tx)
  const campaign = await lockCampaign(tx, campaignId)
  if (campaign?.state !== 'sending' || !isAt(campaign, from)) return
  const recipients = campaign.recipients ?? (await countRecipients(tx, campaign.reach))
  const stretch = await deliverStretch(tx, campaign, STRETCH_PLAYERS)
  const delivered = campaign.delivered + stretch.delivered
  const isLast = stretch.seen < STRETCH_PLAYERS
  await saveProgress(tx, campaignId, {
    // Levels rise meanwhile: in the end as many as got it.
    recipients: isLast ? delivered : recipients,
    delivered,
    servedThrough: stretch.through ?? campaign.servedThrough,
    state: isLast ? 'sent' : 'sending',
    endedAt: isLast ? new Date(clock.now()) : null,
  })
  if (stretch.through === null) return
  await events.publish(tx, CAMPAIGN_DELIVERED, { campaignId, after: campaign.servedThrough, through: stretch.through })
}

function isAt({ recipients, servedThrough }: CampaignRow, from: Id | 'start'): boolean {
  return from === 'start' ? recipients === null : servedThrough === from
}

/** Deletes what has been expired for 30 days out of inboxes, a bounded number of players at a time. */
export function clearingJob({ db, clock }: Pick<Kit, 'db' | 'clock'>): Job {
  return {
    name: 'clear-inboxes',
    everyMs: CLEAR_EVERY_MS,
    async run() {
      const before = new Date(clock.now() - KEPT_AFTER_EXPIRY_MS)
      await db.transaction<RewardsTables, boolean>((tx) => clearStretch(tx, before, CLEAR_PLAYERS))
    },
  }
}
