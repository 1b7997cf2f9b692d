import { z } from 'zod'
import { command, contract, DisplayName, Id, query, Timestamp } from '../core/index.ts'

/** The built-in pictures; a client draws them itself. */
export const AVATARS = ['fox', 'owl', 'otter', 'lynx', 'raven', 'seal', 'panda', 'hare'] as const
export const Avatar = z.enum(AVATARS)
/** A BCP 47 tag, such as `tr` or `pt-BR`. */
export const Locale = z
  .string()
  .max(16)
  .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, 'a locale is a BCP 47 tag')

/** What a player who deleted the account is called from then on. */
export const DELETED_PLAYER_NAME = 'Deleted player'

export const Profile = z.object({
  playerId: Id,
  displayName: DisplayName,
  avatar: z.string().max(64).describe('a name from the built-in set'),
  locale: z.string().max(16),
  createdAt: Timestamp,
  online: z.boolean(),
})
export type Profile = z.infer<typeof Profile>

/** Ids, or in a URL one text of ids between commas. */
const IdList = z.preprocess(
  (given) => (typeof given === 'string' ? given.split(',') : given),
  z.array(Id).min(1).max(100).meta({ description: 'in a URL with commas between: 1,2,3' }),
)

const PLAYERS_MAX = 1_000

export const players = contract('players', {
  me: query({ summary: "The caller's profile", auth: 'player', http: 'GET /v1/players/me', output: Profile }),
  update: command({
    summary: "Change the caller's profile",
    auth: 'player',
    http: 'PATCH /v1/players/me',
    input: z.strictObject({
      displayName: DisplayName.optional(),
      avatar: Avatar.optional(),
      locale: Locale.optional(),
    }),
    output: Profile,
    idempotent: true,
  }),
  get: query({
    summary: "A player's public profile",
    auth: 'player',
    http: 'GET /v1/players/:playerId',
    input: z.strictObject({ playerId: Id }),
    output: Profile,
  }),
  profiles: query({
    summary: 'Public profiles of up to 100 players; unknown ids are left out',
    auth: 'player',
    http: 'GET /v1/players',
    input: z.strictObject({ playerIds: IdList }),
    output: z.object({ profiles: z.record(Id, Profile) }),
  }),
  /** Names for up to 100 players; unknown ids are left out. */
  names: query({
    summary: 'Display names of many players',
    auth: 'service',
    input: z.strictObject({ playerIds: z.array(Id).max(100) }),
    output: z.object({ names: z.record(Id, z.string()) }),
  }),
  known: query({
    summary: 'Of many players those who have an account',
    auth: 'service',
    input: z.strictObject({ playerIds: z.array(Id).max(PLAYERS_MAX) }),
    output: z.object({ playerIds: z.array(Id) }),
  }),
  online: query({
    summary: 'Of many players those who are online',
    auth: 'service',
    input: z.strictObject({ playerIds: z.array(Id).max(PLAYERS_MAX) }),
    output: z.object({ playerIds: z.array(Id) }),
  }),
  /** For a service that is new where players are not. */
  page: query({
    summary: 'Everybody who has an account, by their ids',
    auth: 'service',
    input: z.strictObject({ after: Id.optional(), limit: z.int().min(1).max(PLAYERS_MAX) }),
    output: z.object({ playerIds: z.array(Id) }),
  }),
  /** Hearing USER_CREATED does the same; this is for who should not wait for it. */
  welcome: command({
    summary: 'Make the profile of a new account',
    auth: 'service',
    input: z.strictObject({ playerId: Id, displayName: DisplayName.optional(), at: Timestamp }),
    timeoutMs: 2_000,
    idempotent: true,
  }),
  heartbeat: command({
    summary: 'Say that the caller is online for the next 5 minutes',
    auth: 'player',
    idempotent: true,
  }),
})
