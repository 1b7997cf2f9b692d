import { core, type Id } from '@meydan/contracts/core'
import { USER_UPDATED } from '@meydan/contracts/identity'
import type { Profile, players } from '@meydan/contracts/players'
import type { Events } from '@meydan/kernel/events'
import { idTimeMs } from '@meydan/kernel/ids'
import type { Handlers } from '@meydan/kernel/rpc'
import type { Cache, Database } from '@meydan/kernel/storage'
import type { Clock } from '@meydan/kernel/time'
import { ONLINE_MS, presenceKey } from './rules.ts'
import {
  type Db,
  findNames,
  findProfile,
  findProfiles,
  knownAmong,
  type PlayersTables,
  type ProfileRow,
  pageOfIds,
  updateProfile,
} from './store.ts'
import { welcome } from './welcome.ts'

export interface Parts {
  readonly database: Database
  readonly cache: Cache
  readonly events: Events
  readonly clock: Clock
}

/** For a caller whose token outlived the account. */
const gone = () => core.UNAUTHENTICATED({ message: 'This account was deleted.' })

/** The caller's row. A call can come before USER_CREATED has been heard; then the row is made here. */
async function ownProfile(db: Db, playerId: Id): Promise<ProfileRow> {
  const found = (await findProfile(db, playerId)) ?? (await makeProfile(db, playerId))
  if (!found || found.deletedAt !== null) throw gone()
  return found
}

async function makeProfile(db: Db, playerId: Id): Promise<ProfileRow | undefined> {
  await welcome(db, playerId, undefined, new Date(idTimeMs(playerId)))
  return findProfile(db, playerId)
}

function profileOf(row: ProfileRow, online: boolean): Profile {
  const { playerId, displayName, avatar, locale, createdAt } = row
  return { playerId, displayName, avatar, locale, createdAt: createdAt.toISOString(), online }
}

export function playersHandlers({ database, cache, events, clock }: Parts): Handlers<typeof players> {
  const db = database.tables<PlayersTables>()

  const asProfiles = async (rows: readonly ProfileRow[]): Promise<Profile[]> => {
    const online = await cache.has(rows.map(({ playerId }) => presenceKey(playerId)))
    return rows.map((row, index) => profileOf(row, online[index] ?? false))
  }
  const asProfile = async (row: ProfileRow): Promise<Profile> => {
    const [online = false] = await cache.has([presenceKey(row.playerId)])
    return profileOf(row, online)
  }

  return {
    async me(_input, { caller }) {
      return asProfile(await ownProfile(db, caller.playerId))
    },

    async welcome({ playerId, displayName, at }) {
      await welcome(db, playerId, displayName, new Date(at))
      return {}
    },

    async update(change, { caller, traceparent }) {
      if (caller.actorId !== undefined) {
        throw core.FORBIDDEN({ message: 'Staff who entered an account for a check may not change it.' })
      }
      const { playerId } = caller
      const before = await ownProfile(db, playerId)
      const changed = (['displayName', 'avatar', 'locale'] as const).filter(
        (field) => change[field] !== undefined && change[field] !== before[field],
      )
      if (changed.length === 0) return asProfile(before)
      const after = await database.transaction<PlayersTables, ProfileRow>(async (tx) => {
        const row = await updateProfile(tx, playerId, change)
        if (!row) throw gone()
        const at = new Date(clock.now()).toISOString()
        await events.publish(tx, USER_UPDATED, { userId: playerId, changed, at }, { traceparent })
        return row
      })
      return asProfile(after)
    },

    async get({ playerId }) {
      const row = await findProfile(db, playerId)
      if (!row) throw core.NOT_FOUND({ message: 'There is no such player.' })
      return asProfile(row)
    },

    async profiles({ playerIds }) {
      const profiles = await asProfiles(await findProfiles(db, playerIds))
      return { profiles: Object.fromEntries(profiles.map((profile) => [profile.playerId, profile])) }
    },

    async names({ playerIds }) {
      const rows = await findNames(db, playerIds)
      return { names: Object.fromEntries(rows.map((row) => [row.playerId, row.displayName])) }
    },

    async known({ playerIds }) {
      return { playerIds: await knownAmong(db, playerIds) }
    },

    async online({ playerIds }) {
      const online = await cache.has(playerIds.map(presenceKey))
      return { playerIds: playerIds.filter((_, index) => online[index]) }
    },

    async page({ after, limit }) {
      return { playerIds: await pageOfIds(db, after, limit) }
    },

    async heartbeat(_input, { caller }) {
      // Staff looking in do not make the player seem online.
      if (caller.actorId === undefined) await cache.set(presenceKey(caller.playerId), true, ONLINE_MS)
      return {}
    },
  }
}
