import { Fault } from '@meydan/contracts/core'
import { useQuery } from '@tanstack/react-query'
import { client } from './client.ts'

/** Whether the player is an admin, as far as is known: what an admin may do is the server's to say. */
export function useIsAdmin(): boolean {
  const { data } = useQuery({
    queryKey: ['identity', 'roles'],
    queryFn: async () => ((await client.restore()) ? (await client.call.identity.account({})).roles : []),
  })
  return data?.includes('admin') ?? false
}

export function isForbidden(error: unknown): boolean {
  return error instanceof Fault && (error.code === 'FORBIDDEN' || error.code === 'UNAUTHENTICATED')
}

/** A role that was given a moment ago is not in the token yet: then with a new one. */
export async function asAdmin<T>(ask: () => Promise<T>): Promise<T> {
  await client.restore()
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'FORBIDDEN') throw error
    const { roles } = await client.call.identity.account({})
    if (!roles.includes('admin')) throw error
    await client.restore(true)
    return ask()
  }
}
