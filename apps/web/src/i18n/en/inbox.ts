/** Messages to the player, and the rewards that come with them. */
export const inbox = {
  title: 'Inbox',
  lead: 'News and gifts from the people who run this place.',
  toCampaigns: 'Send messages to players',
  unread_one: '{{count}} unread message',
  unread_other: '{{count}} unread messages',
  unclaimed_zero: 'Nothing left to claim',
  unclaimed_one: '{{count}} message with rewards to claim',
  unclaimed_other: '{{count}} messages with rewards to claim',
  none: 'Your inbox is empty',
  noneText: 'Gifts and news arrive here by themselves.',
  new: 'New',
  claim: 'Claim',
  claimAll: 'Claim all',
  claimed: 'Claimed',
  expires: 'Expires {{when}}',
  expired: 'Expired',
} as const
