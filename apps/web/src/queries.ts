import { Fault } from '@meydan/contracts/core'
import type { Calls } from '@meydan/sdk'
import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query'
import { client } from './client.ts'
import { readAnew } from './read-anew.ts'

const FRESH_MS = 5_000
const TRIES_MAX = 3
const RESULT_TRIES_MAX = 60
const RESULT_TRY_EVERY_MS = 500
const INBOX_PAGE = 20

const isAway = (error: Error): boolean => error instanceof Fault && error.status >= 500
const isMissing = (error: Error): boolean => error instanceof Fault && error.code === 'NOT_FOUND'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // Browsers are wrong about being offline; the server is asked, and says.
      networkMode: 'always',
      // A refusal stays one. Being away passes.
      retry: (failures, error) => failures + 1 < TRIES_MAX && isAway(error),
    },
    mutations: { networkMode: 'always' },
  },
})

type Input<C extends keyof Calls, P extends keyof Calls[C]> = Calls[C][P] extends (input: infer I) => unknown
  ? I
  : never

const match = (matchId: string) =>
  queryOptions({ queryKey: ['matches', 'get', matchId], queryFn: () => client.call.matches.get({ matchId }) })

/**
 * Everything that the page reads from the platform, each under a key that begins with its contract and procedure, so that
 * `readAnew(queryClient, ['players'])` reads a contract's answers anew.
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
  match,
  /** A match that has just ended. Its result follows by an event and is told as one; who missed that keeps asking for it. */
  endedMatch: (matchId: string) =>
    queryOptions({
      ...match(matchId),
      retry: (failures, error) => failures < RESULT_TRIES_MAX && (isAway(error) || isMissing(error)),
      retryDelay: RESULT_TRY_EVERY_MS,
    }),
  rating: (game: string) =>
    queryOptions({ queryKey: ['matches', 'rating', game], queryFn: () => client.call.matches.rating({ game }) }),
  myMatches: (input: Input<'matches', 'mine'>) =>
    queryOptions({ queryKey: ['matches', 'mine', input], queryFn: () => client.call.matches.mine(input) }),
  crashProof: (roundId: string) =>
    queryOptions({
      queryKey: ['crash', 'proof', roundId],
      queryFn: () => client.call.crash.proof({ roundId }),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  crashChain: (lobbyId: number) =>
    queryOptions({ queryKey: ['crash', 'chain', lobbyId], queryFn: () => client.call.crash.chain({ lobbyId }) }),
  crashLimits: () => queryOptions({ queryKey: ['crash', 'limits'], queryFn: () => client.call.crash.limits({}) }),
  belongings: () => queryOptions({ queryKey: ['rewards', 'mine'], queryFn: () => client.call.rewards.mine({}) }),
  rewardTypes: () =>
    queryOptions({
      queryKey: ['rewards', 'types'],
      queryFn: () => client.call.rewards.types({}),
      staleTime: Number.POSITIVE_INFINITY,
    }),
  /** How many messages wait in the inbox, for who does not read them now. */
  inboxCounts: () =>
    queryOptions({
      queryKey: ['rewards', 'counts'],
      queryFn: async () => {
        const { unread, unclaimed } = await client.call.rewards.inbox({ limit: 1 })
        return { unread, unclaimed }
      },
    }),
  inbox: () =>
    infiniteQueryOptions({
      queryKey: ['rewards', 'inbox'],
      queryFn: ({ pageParam: before }) => client.call.rewards.inbox({ limit: INBOX_PAGE, ...(before && { before }) }),
      initialPageParam: null as string | null,
      getNextPageParam: ({ messages }) => (messages.length < INBOX_PAGE ? null : (messages.at(-1)?.messageId ?? null)),
    }),
  balances: () => queryOptions({ queryKey: ['wallet', 'balances'], queryFn: () => client.call.wallet.balances({}) }),
}

client.on('MATCH_RESULT', (told) => void queryClient.setQueryData(match(told.match.matchId).queryKey, told.match))
// An event was missed, or the session was lost: what was read may be behind.
client.onResync(() => void readAnew(queryClient))
