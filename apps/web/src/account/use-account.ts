import type { Account } from '@meydan/contracts/identity'
import { useQuery } from '@tanstack/react-query'
import { queries } from '../queries.ts'
import { usePlayerId } from '../session.ts'

/** The ways in that a person remembers. */
export const WAYS = ['password', 'email'] as const
export type Way = (typeof WAYS)[number]

export function isSafe({ links }: Pick<Account, 'links'>): boolean {
  return links.some(({ type }) => type === 'password' || type === 'email')
}

/** The account of who is signed in, and whether it would be lost with this browser; undefined until it is read. */
export function useAccount() {
  const { data } = useQuery({ ...queries.account(), enabled: usePlayerId() !== null })
  return { account: data, isGuest: data && !isSafe(data) }
}
