import { INBOX_CHANGED } from '@meydan/contracts/rewards'
import { useEffect } from 'react'
import { client } from '../client.ts'
import { queries, queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'

/** Counts what waits in the inbox as it is told, and reads the messages anew. */
export function useInboxNews(): void {
  useEffect(
    () =>
      client.on(INBOX_CHANGED, async (counts) => {
        const { queryKey } = queries.inboxCounts()
        await queryClient.cancelQueries({ queryKey })
        queryClient.setQueryData(queryKey, counts)
        await readAnew(queryClient, queries.inbox().queryKey)
      }),
    [],
  )
}
