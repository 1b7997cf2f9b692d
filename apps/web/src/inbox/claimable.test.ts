import type { InboxMessage } from '@meydan/contracts/rewards'
import { expect, test } from 'vitest'
import { isClaimable, withClaimed } from './claimable.ts'

const NOW_MS = Date.parse('2026-01-02T00:00:00.000Z')
const message = (messageId: string, more: Partial<InboxMessage> = {}): InboxMessage => ({
  messageId,
  title: 'Hello',
  text: '',
  rewards: [{ type: 'coins', amount: 500 }],
  at: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-02-01T00:00:00.000Z',
  readAt: null,
  claimedAt: null,
  ...more,
})
const inbox = (...messages: InboxMessage[]) => ({ pages: [{ messages }], pageParams: [null] })

test('B7 only a message with rewards, which has not expired and was not claimed, can be claimed', () => {
  expect(isClaimable(message('1'), NOW_MS)).toBe(true)
  expect(isClaimable(message('1', { rewards: [] }), NOW_MS)).toBe(false)
  expect(isClaimable(message('1', { claimedAt: '2026-01-01T01:00:00.000Z' }), NOW_MS)).toBe(false)
  expect(isClaimable(message('1', { expiresAt: '2026-01-02T00:00:00.000Z' }), NOW_MS)).toBe(false)
})

test('B7 one message is claimed, or all that can be, and the others stay as they are', () => {
  const [one, other, bare] = [message('3'), message('2'), message('1', { rewards: [] })]
  const claimedAt = '2026-01-02T00:00:00.000Z'
  expect(withClaimed(inbox(one, other, bare), '2', NOW_MS)).toEqual(inbox(one, { ...other, claimedAt }, bare))
  expect(withClaimed(inbox(one, other, bare), 'all', NOW_MS)).toEqual(
    inbox({ ...one, claimedAt }, { ...other, claimedAt }, bare),
  )
})
