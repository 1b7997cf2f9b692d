import { type Gift, type InboxMessage, type rewards, rewardsErrors } from '@meydan/contracts/rewards'
import type { Handlers, PlayerContext } from '@meydan/kernel/rpc'
import { give, ownWants } from './giving.ts'
import { countInbox, findMessage, findMessages, findUnclaimed, markClaimed, markRead } from './inbox.store.ts'
import { ownState } from './own.ts'
import type { Parts } from './parts.ts'
import type { RewardsTables, Tx } from './store.ts'
import { specOf } from './types.ts'

type Reading = Pick<Handlers<typeof rewards>, 'inbox' | 'read' | 'claim' | 'claimAll'>

/** Messages that one `claimAll` claims. */
const CLAIMS_MAX = 100

interface Claiming {
  readonly messages: readonly InboxMessage[]
  readonly gifts: readonly Gift[]
}

export function inboxHandlers({ kit, types, payer, teller }: Parts): Reading {
  const db = kit.db.tables<RewardsTables>()
  const now = () => new Date(kit.clock.now())

  const giveThose = async (tx: Tx, playerId: string, messages: readonly InboxMessage[]): Promise<Claiming> => {
    await markClaimed(
      tx,
      playerId,
      messages.map(({ messageId }) => messageId),
      now(),
    )
    const wants = messages.flatMap(({ messageId, rewards }) =>
      ownWants(playerId, rewards, `inbox:${playerId}:${messageId}`, 'reward.inbox'),
    )
    return { messages, gifts: await give(tx, { ...kit, types }, wants) }
  }

  /** After the commit: what was claimed is the player's, whether or not the wallet answers now. */
  const hand = async ({ messages, gifts }: Claiming, context: PlayerContext) => {
    await payer.paySoon(gifts, context)
    teller.gifts(gifts)
    if (gifts.length > 0) await teller.inboxes([context.caller.playerId])
    return { claimed: messages.map(({ messageId }) => messageId), rewards: messages.flatMap(({ rewards }) => rewards) }
  }

  return {
    async inbox({ before, limit }, { caller: { playerId } }) {
      const at = now()
      const [messages, counts] = await Promise.all([
        findMessages(db, playerId, { before, limit, at }),
        countInbox(db, playerId, at),
      ])
      return { messages, ...counts }
    },

    async read({ messageId }, context) {
      const at = now()
      const { playerId } = context.caller
      const changed = await kit.db.transaction<RewardsTables, number>(async (tx) => {
        await ownState(tx, context)
        if (!(await findMessage(tx, playerId, messageId))) throw rewardsErrors.UNKNOWN_MESSAGE()
        return markRead(tx, playerId, messageId, at)
      })
      if (changed > 0) await teller.inboxes([playerId])
      const { unread } = await countInbox(db, playerId, at)
      return { unread }
    },

    async claim({ messageId }, context) {
      const claiming = await kit.db.transaction<RewardsTables, Claiming>(async (tx) => {
        const { playerId } = await ownState(tx, context)
        const message = await findMessage(tx, playerId, messageId)
        if (!message) throw rewardsErrors.UNKNOWN_MESSAGE()
        if (message.rewards.length === 0) throw rewardsErrors.NOTHING_TO_CLAIM()
        if (message.claimedAt !== null) return { messages: [message], gifts: [] }
        if (Date.parse(message.expiresAt) <= kit.clock.now()) throw rewardsErrors.MESSAGE_EXPIRED()
        for (const reward of message.rewards) specOf(types, reward, 'messageId')
        return giveThose(tx, playerId, [message])
      })
      return hand(claiming, context)
    },

    async claimAll(_, context) {
      const claiming = await kit.db.transaction<RewardsTables, Claiming>(async (tx) => {
        const { playerId } = await ownState(tx, context)
        const unclaimed = await findUnclaimed(tx, playerId, now(), CLAIMS_MAX)
        // A type may have been taken out of the settings since: such a message waits until it is back.
        const possible = unclaimed.filter(({ rewards }) => rewards.every(({ type }) => types.has(type)))
        return giveThose(tx, playerId, possible)
      })
      return hand(claiming, context)
    },
  }
}
