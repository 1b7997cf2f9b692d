import { z } from 'zod'
import { command, contract, Id, query, Timestamp } from '../core/index.ts'

export const DisplayName = z.string().trim().min(1).max(32)

export const Profile = z.object({
  playerId: Id,
  displayName: DisplayName,
  avatar: z.string().max(64).describe('a name from the built-in set'),
  locale: z.string().max(16),
  createdAt: Timestamp,
  online: z.boolean(),
})
export type Profile = z.infer<typeof Profile>

export const players = contract('players', {
  me: query({ summary: "The caller's profile", auth: 'player', http: 'GET /v1/players/me', output: Profile }),
  update: command({
    summary: "Change the caller's profile",
    auth: 'player',
    http: 'PATCH /v1/players/me',
    input: z.strictObject({
      displayName: DisplayName.optional(),
      avatar: z.string().max(64).optional(),
      locale: z.string().max(16).optional(),
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
  /** Names for up to 100 players; unknown ids are left out. */
  names: query({
    summary: 'Display names of many players',
    auth: 'service',
    input: z.strictObject({ playerIds: z.array(Id).max(100) }),
    output: z.object({ names: z.record(Id, z.string()) }),
  }),
  heartbeat: command({
    summary: 'Say that the caller is online for the next 5 minutes',
    auth: 'player',
    idempotent: true,
  }),
})
