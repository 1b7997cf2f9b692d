import { Fault } from '@meydan/contracts/core'
import type { Calls } from '@meydan/sdk'
import { QueryClient, queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'

const FRESH_MS = 5_000
const TRIES_MAX = 3

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // Browsers are wrong about being offline; the server is asked, and says.
      networkMode: 'always',
      // A refusal stays one. Being away passes.
      retry: (failures, error) => failures + 1 < TRIES_MAX && error instanceof Fault && error.status >= 500,
    },
    mutations: { networkMode: 'always' },
  },
})

type Input<C extends keyof Calls, P extends keyof Calls[C]> = Calls[C][P] extends (input: infer I) => unknown
  ? I
  : never

/**
 * Everything that the page reads from the platform, each under a key that begins with its contract and procedure, so that
 * `queryClient.invalidateQueries({ queryKey: ['players'] })` reads a contract's answers anew.
 */
export const queries = {
  account: () => queryOptions({ queryKey: ['identity', 'account'], queryFn: () => client.call.identity.account({}) }),
  sessions: () =>
    queryOptions({ queryKey: ['identity', 'sessions'], queryFn: () => client.call.identity.sessions({}) }),
  me: () => queryOptions({ queryKey: ['players', 'me'], queryFn: () => client.call.players.me({}) }),
  top: (input: Input<'leaderboards', 'top'>) =>
    queryOptions({ queryKey: ['leaderboards', 'top', input], queryFn: () => client.call.leaderboards.top(input) }),
  rank: (input: Input<'leaderboards', 'rank'>) =>
    queryOptions({ queryKey: ['leaderboards', 'rank', input], queryFn: () => client.call.leaderboards.rank(input) }),
  around: (input: Input<'leaderboards', 'around'>) =>
    queryOptions({
      queryKey: ['leaderboards', 'around', input],
      queryFn: () => client.call.leaderboards.around(input),
    }),
  match: (matchId: string) =>
    queryOptions({ queryKey: ['matches', 'get', matchId], queryFn: () => client.call.matches.get({ matchId }) }),
  rating: (game: string) =>
    queryOptions({ queryKey: ['matches', 'rating', game], queryFn: () => client.call.matches.rating({ game }) }),
  myMatches: (input: Input<'matches', 'mine'>) =>
    queryOptions({ queryKey: ['matches', 'mine', input], queryFn: () => client.call.matches.mine(input) }),
}

// An event was missed, or the session was lost: what was read may be behind.
client.onResync(() => void queryClient.invalidateQueries())
