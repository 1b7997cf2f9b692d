import { z } from 'zod'
import { command, contract, errors, event, Id, query, Text, Timestamp } from '../core/index.ts'
import { Key, Reason } from '../wallet/index.ts'

/** Of a reward's type: coins in minor units, points of experience, pieces of an item, minutes of a booster. */
export const REWARD_AMOUNT_MAX = 1_000_000_000
/** The name of a type that the installation is configured with: `coins`, `xp`, `chest`, `double-xp`. */
export const RewardType = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'lower case letters, digits and -')
export const Reward = z.strictObject({ type: RewardType, amount: z.int().min(1).max(REWARD_AMOUNT_MAX) })
export type Reward = z.infer<typeof Reward>

/** What a type gives: money of the wallet, points towards a level, things that are owned, a factor on experience for a time. */
export const REWARD_KINDS = ['currency', 'experience', 'item', 'booster'] as const
export const RewardKind = z.enum(REWARD_KINDS)
export type RewardKind = z.infer<typeof RewardKind>

export const Level = z.object({
  level: z.int().min(1),
  experience: z.int().min(0).describe('of all time'),
  levelFrom: z.int().describe('experience at which this level began'),
  levelTo: z.int().nullable().describe('at which the next begins; null at the last level'),
})
export type Level = z.infer<typeof Level>

export const Booster = z.object({ type: RewardType, factor: z.number(), endsAt: Timestamp })
export const Streak = z.object({
  days: z.int().min(0).describe('days in a row, the last claim included; 0 once a day was missed'),
  claimedToday: z.boolean(),
  rewards: z.array(Reward).describe('what the next claim gives'),
  nextAt: Timestamp.describe('when the next claim may be made: now, or the next midnight UTC'),
})
export type Streak = z.infer<typeof Streak>

export const Belongings = z.object({
  level: Level,
  items: z.array(z.object({ type: RewardType, amount: z.int() })),
  boosters: z.array(Booster),
  streak: Streak,
})
export type Belongings = z.infer<typeof Belongings>

export const InboxMessage = z.object({
  messageId: Id,
  title: z.string(),
  text: z.string(),
  rewards: z.array(Reward),
  at: Timestamp,
  expiresAt: Timestamp,
  readAt: Timestamp.nullable(),
  claimedAt: Timestamp.nullable(),
})
export type InboxMessage = z.infer<typeof InboxMessage>

const REWARDS_MAX = 10
const Rewards = z.array(Reward).max(REWARDS_MAX)
const RECIPIENTS_MAX = 1_000
const DAY_MS = 24 * 60 * 60 * 1_000
const INBOX_MS_MAX = 365 * DAY_MS

/** Who gets a campaign: those named, everybody, or everybody who is like that. */
export const Audience = z.union([
  z.strictObject({ playerIds: z.array(Id).min(1).max(RECIPIENTS_MAX) }),
  z.strictObject({ everybody: z.literal(true) }),
  z
    .strictObject({
      levelMin: z.int().min(1).optional(),
      levelMax: z.int().min(1).optional(),
      joinedAfter: Timestamp.optional(),
      joinedBefore: Timestamp.optional(),
    })
    // What was forgotten must not mean everybody.
    .refine((segment) => Object.keys(segment).length > 0, 'say whom: playerIds, everybody, or a segment'),
])
export type Audience = z.infer<typeof Audience>

export const CAMPAIGN_STATES = ['sending', 'sent', 'cancelled'] as const
export const Campaign = z.object({
  campaignId: Id,
  title: z.string(),
  state: z.enum(CAMPAIGN_STATES),
  recipients: z.int().nullable().describe('how many there are; null while they are counted'),
  delivered: z.int().describe('how many have it in their inbox'),
  by: Id.nullable().describe('the admin; null when that account was deleted'),
  at: Timestamp,
  endedAt: Timestamp.nullable(),
})
export type Campaign = z.infer<typeof Campaign>

export const rewardsErrors = errors({
  UNKNOWN_PLAYER: { status: 404, message: 'There is no such player.' },
  UNKNOWN_TYPE: { status: 404, message: 'There is no reward of that type here.' },
  KEY_REUSED: { status: 409, message: 'Something else was asked with this key before.' },
  CLAIMED_TODAY: { status: 409, message: 'The reward of the day was claimed.' },
  UNKNOWN_MESSAGE: { status: 404, message: 'There is no such message in the inbox.' },
  MESSAGE_EXPIRED: { status: 410, message: 'The time to claim it is over.' },
  NOTHING_TO_CLAIM: { status: 409, message: 'There is nothing to claim.' },
  UNKNOWN_CAMPAIGN: { status: 404, message: 'There is no such campaign.' },
  CAMPAIGN_ENDED: { status: 409, message: 'The campaign has ended.' },
})

const limit = z.coerce.number().int().min(1).max(100).default(30)
const ForMessage = z.strictObject({ messageId: Id })
const Granted = z.object({ rewardId: Id, at: Timestamp })
const Claimed = z.object({ claimed: z.array(Id), rewards: z.array(Reward) })

/** What players are given: at once, or by their inbox. Each is applied exactly once. */
export const rewards = contract(
  'rewards',
  {
    grant: command({
      summary: 'Give a player something, now',
      auth: 'service',
      input: z.strictObject({ playerId: Id, ...Reward.shape, reason: Reason, key: Key }),
      output: Granted,
      errors: ['UNKNOWN_PLAYER', 'UNKNOWN_TYPE', 'KEY_REUSED'],
      idempotent: true,
    }),
    give: command({
      summary: 'Give a player something, now, as an admin',
      auth: 'admin',
      http: 'POST /v1/rewards',
      input: z.strictObject({ playerId: Id, ...Reward.shape, reason: Reason, key: Key }),
      output: Granted,
      errors: ['UNKNOWN_PLAYER', 'UNKNOWN_TYPE', 'KEY_REUSED'],
      idempotent: true,
    }),
    mine: query({
      summary: "The caller's level, items, boosters and streak",
      auth: 'player',
      http: 'GET /v1/rewards',
      output: Belongings,
    }),
    types: query({
      summary: 'What rewards there are here',
      auth: 'public',
      http: 'GET /v1/rewards/types',
      output: z.object({
        types: z.array(z.object({ type: RewardType, kind: RewardKind, factor: z.number().nullable() })),
      }),
    }),
    claimDaily: command({
      summary: 'Claim the reward of the day; days in a row give more',
      auth: 'player',
      http: 'POST /v1/rewards/daily',
      output: z.object({ rewards: z.array(Reward), streak: Streak }),
      errors: ['CLAIMED_TODAY'],
      idempotent: true,
    }),
    inbox: query({
      summary: "The caller's inbox, newest first, without what has expired",
      auth: 'player',
      http: 'GET /v1/inbox',
      input: z.strictObject({ before: Id.optional(), limit }),
      output: z.object({ messages: z.array(InboxMessage), unread: z.int(), unclaimed: z.int() }),
    }),
    read: command({
      summary: 'Mark messages as read: up to this one',
      auth: 'player',
      http: 'POST /v1/inbox/:messageId/read',
      input: ForMessage,
      output: z.object({ unread: z.int() }),
      errors: ['UNKNOWN_MESSAGE'],
      idempotent: true,
    }),
    claim: command({
      summary: 'Claim what a message brought; again gives the same answer and nothing more',
      auth: 'player',
      http: 'POST /v1/inbox/:messageId/claim',
      input: ForMessage,
      output: Claimed,
      errors: ['UNKNOWN_MESSAGE', 'MESSAGE_EXPIRED', 'NOTHING_TO_CLAIM', 'UNKNOWN_TYPE'],
      idempotent: true,
    }),
    claimAll: command({
      summary: 'Claim what is in the inbox, the oldest 100 messages; what was claimed before is not claimed again',
      auth: 'player',
      http: 'POST /v1/inbox/claim',
      output: Claimed,
      idempotent: true,
    }),
    send: command({
      summary: 'Send a message, with or without rewards, to players’ inboxes',
      auth: 'admin',
      http: 'POST /v1/campaigns',
      input: z.strictObject({
        key: Key,
        to: Audience,
        title: Text.trim().min(1).max(100),
        text: Text.trim().max(2_000).default(''),
        rewards: Rewards.default([]),
        expiresInMs: z
          .int()
          .min(60_000)
          .max(INBOX_MS_MAX)
          .default(30 * DAY_MS),
      }),
      output: Campaign,
      errors: ['UNKNOWN_TYPE', 'KEY_REUSED'],
      idempotent: true,
    }),
    campaigns: query({
      summary: 'Campaigns and how far they are, newest first',
      auth: 'admin',
      http: 'GET /v1/campaigns',
      input: z.strictObject({ before: Id.optional(), limit }),
      output: z.object({ campaigns: z.array(Campaign) }),
    }),
    campaign: query({
      summary: 'How far a campaign is',
      auth: 'admin',
      http: 'GET /v1/campaigns/:campaignId',
      input: z.strictObject({ campaignId: Id }),
      output: Campaign,
      errors: ['UNKNOWN_CAMPAIGN'],
    }),
    cancel: command({
      summary: 'Stop a campaign: what is in inboxes stays there',
      auth: 'admin',
      http: 'POST /v1/campaigns/:campaignId/cancel',
      input: z.strictObject({ campaignId: Id }),
      output: Campaign,
      errors: ['UNKNOWN_CAMPAIGN', 'CAMPAIGN_ENDED'],
      idempotent: true,
    }),
  },
  { errors: rewardsErrors },
)

/** On `user:<id>`: something was given. Experience is what it came to with boosters. */
export const REWARDED = 'REWARDED'
export const Rewarded = z.object({ rewards: z.array(Reward), reason: z.string(), level: Level })
/** On `user:<id>`: experience has led to another level. */
export const LEVEL_UP = 'LEVEL_UP'
export const LevelUp = z.object({ level: Level })
/** On `user:<id>`: a message came, or was read or claimed elsewhere. */
export const INBOX_CHANGED = 'INBOX_CHANGED'
export const InboxChanged = z.object({ unread: z.int(), unclaimed: z.int() })

/** What one player was given at once, and where that led. */
export const Gift = z.object({
  playerId: Id,
  reason: z.string(),
  given: z.array(Reward.extend({ rewardId: Id })),
  experienceBefore: z.int(),
  experienceAfter: z.int(),
})
export type Gift = z.infer<typeof Gift>

/** The people of a match have their rewards. */
export const MATCH_REWARDED = event('MATCH_REWARDED', {
  data: z.object({ matchId: Id, gifts: z.array(Gift) }),
  key: (data) => data.matchId,
})
/** An admin sent a campaign: its delivery begins. */
export const CAMPAIGN_SENT = event('CAMPAIGN_SENT', {
  data: z.object({ campaignId: Id }),
  key: (data) => data.campaignId,
})
/** Players with ids above `after`, up to `through`, have it in their inbox if it is for them: its delivery goes on from there. */
export const CAMPAIGN_DELIVERED = event('CAMPAIGN_DELIVERED', {
  data: z.object({ campaignId: Id, after: z.string(), through: Id }),
  key: (data) => data.campaignId,
})
