import { type MutationKey, useMutation } from '@tanstack/react-query'
import { client } from '../client.ts'
import { queries, queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'
import { withClaimed } from './claimable.ts'

const { queryKey } = queries.inbox()

/** Claims a message, or all: shown as done at once, and taken back when the server says otherwise. A second press does nothing. */
export function useClaiming(messageId: string | 'all') {
  const mutationKey: MutationKey = ['claim', messageId]
  const claiming = useMutation({
    mutationKey,
    mutationFn: () =>
      messageId === 'all' ? client.call.rewards.claimAll({}) : client.call.rewards.claim({ messageId }),
    onMutate: async () => {
      await queryClient.cancelQueries({ queryKey })
      const before = queryClient.getQueryData(queryKey)
      queryClient.setQueryData(queryKey, (data) => data && withClaimed(data, messageId, client.serverNowMs()))
      return before
    },
    onError: (_error, _nothing, before) => queryClient.setQueryData(queryKey, before),
    onSettled: () => readAnew(queryClient, queryKey),
  })
  const claim = (): void => {
    if (queryClient.isMutating({ mutationKey }) === 0) claiming.mutate()
  }
  return { claim, isPending: claiming.isPending, error: claiming.error }
}
