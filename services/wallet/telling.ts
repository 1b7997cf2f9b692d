import { type Receipt, WALLET_CHANGED } from '@meydan/contracts/wallet'
import type { Kit } from '@meydan/kernel/rpc'

const PLAYER = 'player:'

/**
 * Tells players what they have after something moved it, once a batch: the newest of each currency. At most once, as all topics: whoever
 * missed it reads the balance.
 */
export function teller({ topics, log }: Pick<Kit, 'topics' | 'log'>): (fresh: readonly Receipt[]) => void {
  return (fresh) => {
    for (const [playerId, balances] of newest(fresh)) {
      topics
        .publish(`user:${playerId}`, WALLET_CHANGED, { balances: [...balances.values()] })
        .catch((error: unknown) => log.debug({ err: error, playerId }, 'a player was not told of a new balance'))
    }
  }
}

type Told = Omit<Receipt['balances'][number], 'account'>

function newest(fresh: readonly Receipt[]): Map<string, Map<string, Told>> {
  const players = new Map<string, Map<string, Told>>()
  for (const { account, ...told } of fresh.flatMap(({ balances }) => balances)) {
    const playerId = account.slice(PLAYER.length)
    const balances = players.get(playerId) ?? new Map<string, Told>()
    players.set(playerId, balances.set(told.currency, told))
  }
  return players
}
