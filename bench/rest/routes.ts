import { contract, Id, query } from '@meydan/contracts/core'
import { Profile } from '@meydan/contracts/players'
import { z } from 'zod'

export const PlayerInput = z.strictObject({ playerId: Id })
export { Profile }

/** The route that needs no database: what the framework around a handler costs is all there is to see. */
export const shelf = contract('shelf', {
  get: query({
    summary: "A player's profile, from memory",
    auth: 'player',
    http: 'GET /v1/shelf/:playerId',
    input: PlayerInput,
    output: Profile,
  }),
})

/** What the handler of that route answers, on both sides. */
export function shelved(playerId: string): Profile {
  return {
    playerId,
    displayName: 'Ada',
    avatar: 'fox',
    locale: 'en',
    createdAt: '2026-01-01T00:00:00.000Z',
    online: true,
  }
}

/** Connections to Postgres on either side. */
export const POOL_MAX = 16
