import { core, type Id, type Role } from '@meydan/contracts/core'
import { type Account, type identity, identityErrors } from '@meydan/contracts/identity'
import type { Events } from '@meydan/kernel/events'
import type { Handlers, PlayerContext } from '@meydan/kernel/rpc'
import type { Database } from '@meydan/kernel/storage'
import type { Clock } from '@meydan/kernel/time'
import { describeAccount } from './account.ts'
import { publishUpdated } from './events.ts'
import { type Parts, storageOf, traceOf } from './parts.ts'
import { readGeneratedUsername } from './rules.ts'
import { answerSupport, beginSupportSession, requireOwner } from './sessions.ts'
import {
  type Db,
  findAccount,
  findAccountByGeneratedUsername,
  findLogin,
  insertSupportEntry,
  listSupportEntries,
  lockAccount,
  setRoles,
} from './store.ts'

/**
 * A role taken away is gone here at once, though tokens carry it for up to 15 minutes more: what staff may do to others
 * is asked of the account, in a session that is not over. `admin` may do all that `support` may.
 */
async function requireStaff(parts: Parts, context: PlayerContext, role: Role): Promise<Id> {
  const staffId = await requireOwner(parts, context)
  const roles = (await findAccount(parts.db, staffId))?.roles ?? []
  if (!roles.includes(role) && !roles.includes('admin')) throw core.FORBIDDEN()
  return staffId
}

export function staffHandlers(
  parts: Parts,
): Pick<Handlers<typeof identity>, 'setRoles' | 'supportEnter' | 'supportEntries'> {
  return {
    async setRoles({ playerId, roles }, context) {
      const staffId = await requireStaff(parts, context, 'admin')
      // Else the last admin could lock everybody out.
      if (playerId === staffId && !roles.includes('admin')) throw identityErrors.OWN_ADMIN_ROLE()
      return changeRoles(parts, playerId, () => roles, traceOf(context))
    },

    async supportEnter({ generatedUsername, reason }, context) {
      const staffId = await requireStaff(parts, context, 'support')
      const name = readGeneratedUsername(generatedUsername)
      const account = name ? await findAccountByGeneratedUsername(parts.db, name) : undefined
      if (!account) throw identityErrors.UNKNOWN_ACCOUNT()
      const { playerId } = account
      const entry = await parts.transaction(async (tx) => {
        if (!(await lockAccount(tx, playerId))) throw identityErrors.UNKNOWN_ACCOUNT()
        const session = await beginSupportSession(parts, tx, playerId, staffId)
        const at = new Date(parts.clock.now())
        await insertSupportEntry(tx, {
          id: parts.nextId(),
          staffId,
          playerId,
          sessionId: session.sessionId,
          reason,
          at,
        })
        return session
      })
      return answerSupport(parts, { ...entry, playerId, staffId })
    },

    async supportEntries({ before, limit }, context) {
      await requireStaff(parts, context, 'admin')
      const entries = await listSupportEntries(parts.db, before, limit)
      return {
        entries: entries.map(({ id, staffId, playerId, reason, at }) => ({
          id,
          staffId,
          playerId,
          reason,
          at: at.toISOString(),
        })),
      }
    },
  }
}

/** Throws UNKNOWN_ACCOUNT. Nothing is published when nothing changed. */
async function changeRoles(
  parts: Pick<Parts, 'transaction' | 'events' | 'clock'>,
  playerId: Id,
  change: (roles: readonly Role[]) => readonly Role[],
  trace?: { traceparent: string },
): Promise<Account> {
  return parts.transaction(async (tx) => {
    const account = await lockAccount(tx, playerId)
    if (!account) throw identityErrors.UNKNOWN_ACCOUNT()
    const roles = [...new Set(change(account.roles))].toSorted()
    if (roles.join() !== account.roles.toSorted().join()) {
      await setRoles(tx, playerId, roles)
      await publishUpdated(parts, tx, playerId, 'roles', trace)
    }
    return { ...(await describe(tx, playerId)), roles }
  })
}

async function describe(db: Db, playerId: Id): Promise<Account> {
  const account = await describeAccount(db, playerId)
  if (!account) throw identityErrors.UNKNOWN_ACCOUNT()
  return account
}

/**
 * Gives a role to the account with this username, e-mail address or generated username: how the first admin is made, from
 * the command line, by whoever has the database. `database` and `events` are the identity service's own.
 * Throws UNKNOWN_ACCOUNT.
 */
export async function grantRole(
  { db: database, events, clock }: { db: Database; events: Events; clock: Clock },
  name: string,
  role: Role,
): Promise<Account> {
  const storage = storageOf(database)
  const playerId = await findByAnyName(storage.db, name.trim().toLowerCase())
  if (!playerId) throw identityErrors.UNKNOWN_ACCOUNT()
  return changeRoles({ ...storage, events, clock }, playerId, (roles) => [...roles, role])
}

async function findByAnyName(db: Db, name: string): Promise<Id | undefined> {
  const generated = readGeneratedUsername(name)
  if (generated) return (await findAccountByGeneratedUsername(db, generated))?.playerId
  const login =
    (await findLogin(db, { type: 'password', lookup: name })) ?? (await findLogin(db, { type: 'email', lookup: name }))
  return login?.playerId
}
