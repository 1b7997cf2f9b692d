import type { InboxMessage } from '@meydan/contracts/rewards'
import type { InfiniteData } from '@tanstack/react-query'

interface Page {
  readonly messages: readonly InboxMessage[]
}

export const isClaimable = ({ rewards, claimedAt, expiresAt }: InboxMessage, nowMs: number): boolean =>
  rewards.length > 0 && claimedAt === null && Date.parse(expiresAt) > nowMs

/** The inbox with messages claimed: those that can be, among the named or among all. */
export function withClaimed<T extends Page, P>(
  data: InfiniteData<T, P>,
  messageId: string | 'all',
  nowMs: number,
): InfiniteData<T, P> {
  const claimedAt = new Date(nowMs).toISOString()
  const claim = (message: InboxMessage): InboxMessage => {
    const isMeant = messageId === 'all' || message.messageId === messageId
    return isMeant && isClaimable(message, nowMs) ? { ...message, claimedAt } : message
  }
  return { ...data, pages: data.pages.map((page) => ({ ...page, messages: page.messages.map(claim) })) }
}
