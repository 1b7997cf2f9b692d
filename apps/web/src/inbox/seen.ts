import type { InboxMessage } from '@meydan/contracts/rewards'
import { useEffect, useRef } from 'react'
import { client } from '../client.ts'

/**
 * Marks messages as read once somebody can see them. Gives which were unread when they came in sight: they stay marked as new until the
 * page is left.
 */
export function useSeen(messages: readonly InboxMessage[]): ReadonlySet<string> {
  const fresh = useRef(new Set<string>())
  const unread = messages.filter(({ readAt }) => readAt === null)
  for (const { messageId } of unread) fresh.current.add(messageId)
  const newest = unread[0]?.messageId
  useEffect(() => {
    if (newest === undefined) return
    const read = (): void => {
      if (document.visibilityState === 'visible') void markRead(newest)
    }
    read()
    document.addEventListener('visibilitychange', read)
    return () => document.removeEventListener('visibilitychange', read)
  }, [newest])
  return fresh.current
}

/** Up to this one. */
async function markRead(messageId: string): Promise<void> {
  try {
    await client.call.rewards.read({ messageId })
  } catch (error) {
    // It stays unread, and is tried again when the inbox is next looked at.
    console.info('the inbox could not be marked as read', error)
  }
}
