import { core } from '@meydan/contracts/core'
import type { PlayerContext } from '@meydan/kernel/rpc'
import { addPlayers, lockPlayers, type PlayerState, type Tx } from './store.ts'

/**
 * The row of who calls, locked until the transaction ends: what a player claims from several devices takes turns. Throws FORBIDDEN for staff
 * who look into the account, and UNAUTHENTICATED when the account was deleted.
 */
export async function ownState(tx: Tx, { caller }: PlayerContext): Promise<PlayerState> {
  if (caller.actorId !== undefined) {
    throw core.FORBIDDEN({ message: 'Staff who entered an account for a check claim and read nothing in its name.' })
  }
  const state = (await lockOwn(tx, caller.playerId)) ?? (await makeOwn(tx, caller.playerId))
  if (!state || state.deleted) throw core.UNAUTHENTICATED({ message: 'This account was deleted.' })
  return state
}

const lockOwn = async (tx: Tx, playerId: string) => (await lockPlayers(tx, [playerId])).get(playerId)

/** A call can come before USER_CREATED has been heard. */
async function makeOwn(tx: Tx, playerId: string): Promise<PlayerState | undefined> {
  await addPlayers(tx, [playerId])
  return lockOwn(tx, playerId)
}
