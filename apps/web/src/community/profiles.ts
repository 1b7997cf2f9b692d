import type { Profile } from '@meydan/contracts/players'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { client } from '../client.ts'

/** People come and go; a hidden tab asks nothing. */
const LOOK_EVERY_MS = 30_000
/** What one question may be about. */
const PROFILES_MAX = 100

/** Profiles by player, with who is online now. What is not read yet, or is unknown, is undefined. */
export function useProfiles(playerIds: readonly string[]): (playerId: string) => Profile | undefined {
  const asked = [...new Set(playerIds)].toSorted().slice(0, PROFILES_MAX)
  const { data } = useQuery({
    queryKey: ['profiles', asked],
    queryFn: () => client.call.players.profiles({ playerIds: asked }),
    enabled: asked.length > 0 && client.player !== null,
    refetchInterval: LOOK_EVERY_MS,
    // While a list grows, those who are known already stay known.
    placeholderData: keepPreviousData,
  })
  return (playerId) => data?.profiles[playerId]
}
