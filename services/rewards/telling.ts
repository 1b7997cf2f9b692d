import type { Id } from '@meydan/contracts/core'
import { type Gift, INBOX_CHANGED, LEVEL_UP, REWARDED } from '@meydan/contracts/rewards'
import type { Kit } from '@meydan/kernel/rpc'
import { countInboxes } from './inbox.store.ts'
import { levelView } from './rules.ts'
import type { RewardsTables } from './store.ts'

/** Tells players what they got, at most once, as all topics: whoever missed it reads it. */
export interface Teller {
  gifts(gifts: readonly Gift[]): void
  /** What is in these players' inboxes now. */
  inboxes(playerIds: readonly Id[]): Promise<void>
}

export function createTeller({ db, topics, clock, log }: Pick<Kit, 'db' | 'topics' | 'clock' | 'log'>): Teller {
  const publish = (playerId: Id, event: string, data: Parameters<typeof topics.publish>[2]): void => {
    topics
      .publish(`user:${playerId}`, event, data)
      .catch((error: unknown) => log.debug({ err: error, playerId, event }, 'a player was not told'))
  }
  return {
    gifts(gifts) {
      for (const { playerId, reason, given, experienceBefore, experienceAfter } of gifts) {
        const level = levelView(experienceAfter)
        const rewards = given.map(({ type, amount }) => ({ type, amount }))
        publish(playerId, REWARDED, { rewards, reason, level })
        if (level.level > levelView(experienceBefore).level) publish(playerId, LEVEL_UP, { level })
      }
    },
    async inboxes(playerIds) {
      if (playerIds.length === 0) return
      const counts = await countInboxes(db.tables<RewardsTables>(), playerIds, new Date(clock.now()))
      for (const [playerId, { unread, unclaimed }] of counts) publish(playerId, INBOX_CHANGED, { unread, unclaimed })
    },
  }
}
