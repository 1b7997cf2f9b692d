import { core, type Id } from '@meydan/contracts/core'
import { type Account, type identity, identityErrors } from '@meydan/contracts/identity'
import type { Handlers } from '@meydan/kernel/rpc'
import { prepareLink, taken } from './entry.ts'
import { publishDeleted, publishUpdated, tellRevoked } from './events.ts'
import { addressOf, type Parts, traceOf } from './parts.ts'
import { normalPassword } from './rules.ts'
import { endSessions, listSessions } from './sessions.store.ts'
import { requireOwner } from './sessions.ts'
import {
  buryAccount,
  type Db,
  deleteLink,
  findAccount,
  findLogin,
  insertLink,
  listLinks,
  lockAccount,
  setPasswordHash,
  type Tx,
} from './store.ts'

/** An account as its owner and the staff see it; undefined when it is gone. */
export async function describeAccount(db: Db, playerId: Id): Promise<Account | undefined> {
  const account = await findAccount(db, playerId)
  if (!account) return undefined
  const links = await listLinks(db, playerId)
  return {
    playerId,
    generatedUsername: account.generatedUsername,
    loginType: account.loginType,
    links: links.map(({ type, label }) => ({ type, label })),
    roles: account.roles,
    createdAt: account.createdAt.toISOString(),
  }
}

/** For a caller whose token outlived the account. */
const gone = () => core.UNAUTHENTICATED({ message: 'This account was deleted.' })

async function ownAccount(db: Db, playerId: Id): Promise<Account> {
  const account = await describeAccount(db, playerId)
  if (!account) throw gone()
  return account
}

async function lockOwnAccount(tx: Tx, playerId: Id): Promise<void> {
  if (!(await lockAccount(tx, playerId))) throw gone()
}

export function accountHandlers(
  parts: Parts,
): Pick<Handlers<typeof identity>, 'account' | 'link' | 'unlink' | 'changePassword' | 'deleteAccount'> {
  return {
    account: (_input, { caller }) => ownAccount(parts.db, caller.playerId),

    async link({ credentials }, context) {
      const playerId = await requireOwner(parts, context)
      const links = await listLinks(parts.db, playerId)
      if (links.some(({ type }) => type === credentials.type)) throw identityErrors.ALREADY_LINKED()
      const link = await prepareLink(parts, credentials)
      return parts.transaction(async (tx) => {
        await lockOwnAccount(tx, playerId)
        const now = await listLinks(tx, playerId)
        if (now.some(({ type }) => type === link.type)) throw identityErrors.ALREADY_LINKED()
        if (!(await insertLink(tx, { ...link, playerId, linkedAt: new Date(parts.clock.now()) })))
          throw taken(link.type)
        await publishUpdated(parts, tx, playerId, 'links', traceOf(context))
        return ownAccount(tx, playerId)
      })
    },

    async unlink({ type }, context) {
      const playerId = await requireOwner(parts, context)
      return parts.transaction(async (tx) => {
        await lockOwnAccount(tx, playerId)
        const links = await listLinks(tx, playerId)
        const link = links.find((linked) => linked.type === type)
        if (!link) throw identityErrors.NOT_LINKED()
        if (links.length === 1) throw identityErrors.LAST_LOGIN()
        await deleteLink(tx, playerId, link.type)
        await publishUpdated(parts, tx, playerId, 'links', traceOf(context))
        return ownAccount(tx, playerId)
      })
    },

    async changePassword({ type, password, newPassword }, context) {
      const playerId = await requireOwner(parts, context)
      const link = (await listLinks(parts.db, playerId)).find((linked) => linked.type === type)
      if (!link) throw identityErrors.NOT_LINKED()
      const right = await parts.attempts.guard(addressOf(context.caller), `${type}:${link.lookup}`, async () => {
        const hash = (await findLogin(parts.db, link))?.passwordHash
        return hash && (await parts.hasher.verify(hash, normalPassword(password))) ? true : null
      })
      if (!right) throw identityErrors.BAD_CREDENTIALS({ message: 'That is not the password.' })
      const newHash = await parts.hasher.hash(normalPassword(newPassword))
      const ended = await parts.transaction(async (tx) => {
        await lockOwnAccount(tx, playerId)
        await setPasswordHash(tx, playerId, link.type, newHash)
        await publishUpdated(parts, tx, playerId, 'password', traceOf(context))
        return endOthers(parts, tx, playerId, context.caller.sessionId)
      })
      await tellRevoked(parts, playerId, ended, 'password')
      return {}
    },

    async deleteAccount(_input, context) {
      // A second try after a lost answer finds nothing left to delete, not even the session.
      if (!(await findAccount(parts.db, context.caller.playerId))) return {}
      const playerId = await requireOwner(parts, context)
      const at = new Date(parts.clock.now())
      const ended = await parts.transaction(async (tx) => {
        if (!(await lockAccount(tx, playerId))) return []
        await publishDeleted(parts, tx, playerId, at, traceOf(context))
        return buryAccount(tx, playerId, at)
      })
      await tellRevoked(parts, playerId, ended, 'deleted')
      return {}
    },
  }
}

/** Whoever knew the old password may have a session; all but the caller's end. */
async function endOthers(parts: Parts, tx: Tx, playerId: Id, currentSessionId: Id): Promise<Id[]> {
  const now = new Date(parts.clock.now())
  const others = (await listSessions(tx, playerId, now)).map(({ sessionId }) => sessionId)
  return endSessions(
    tx,
    playerId,
    others.filter((sessionId) => sessionId !== currentSessionId),
    now,
  )
}
