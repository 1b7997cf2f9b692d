import { WALLET_CHANGED } from '@meydan/contracts/wallet'
import { useEffect } from 'react'
import { client } from '../client.ts'
import { queries, queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'
import { usePlayerId } from '../session.ts'
import { Newest, withTold } from './told.ts'

/** Shows what the wallet tells as it is told, then reads the rest of it anew: what is held, and the statement. */
export function useWalletNews(): void {
  const playerId = usePlayerId()
  useEffect(() => {
    if (playerId === null) return
    const newest = new Newest()
    return client.on(WALLET_CHANGED, async (told) => {
      const news = newest.of(told.balances)
      const { queryKey } = queries.balances()
      // What is being read was asked before this was told.
      await queryClient.cancelQueries({ queryKey })
      queryClient.setQueryData(queryKey, (known) => known && { balances: withTold(known.balances, news) })
      await readAnew(queryClient, ['wallet'])
    })
  }, [playerId])
}
