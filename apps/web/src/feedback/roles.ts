import { useQuery } from '@tanstack/react-query'
import { client } from '../client.ts'

/** Whether the player is an admin, as far as is known: what an admin may do is the server's to say. */
export function useIsAdmin(): boolean {
  const { data } = useQuery({
    queryKey: ['identity', 'roles'],
    queryFn: async () => ((await client.restore()) ? (await client.call.identity.account({})).roles : []),
  })
  return data?.includes('admin') ?? false
}
