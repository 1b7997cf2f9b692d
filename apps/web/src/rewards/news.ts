import { MATCH_FOUND } from '@meydan/contracts/matchmaking'
import { LEVEL_UP, REWARDED } from '@meydan/contracts/rewards'
import { useEffect } from 'react'
import { client } from '../client.ts'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries, queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'
import { usePlayerId } from '../session.ts'
import { useStage } from '../stage-provider.tsx'
import { useToast } from '../ui/toast.tsx'
import { earned } from './earned.ts'
import { useTelling } from './words.ts'

/** Why rewards were given that the end of a match shows by itself. */
const FOR_MATCH = 'reward.match'

/** Says what the player was given, wherever they are. */
export function useRewardNews(): void {
  const t = useText('rewards')
  const { list } = useFormats()
  const tell = useTelling()
  const toast = useToast()
  const playerId = usePlayerId()
  const { stage } = useStage()
  const isAtMatch = stage.name === 'match' || stage.name === 'result'
  useEffect(() => {
    if (playerId === null) return
    const offs = [
      client.on(MATCH_FOUND, () => earned.forget()),
      client.on(REWARDED, async ({ rewards, reason }) => {
        void readAnew(queryClient, queries.belongings().queryKey)
        if (reason === FOR_MATCH) earned.add(rewards)
        if (reason === FOR_MATCH && isAtMatch) return
        // Not by the queries: one that is being read may be given up for a newer one at this very moment.
        const [{ types }, { balances }] = await Promise.all([
          queryClient.getQueryData(queries.rewardTypes().queryKey) ?? client.call.rewards.types({}),
          queryClient.getQueryData(queries.balances().queryKey) ?? client.call.wallet.balances({}),
        ])
        toast(t('got', { rewards: list(rewards.map((each) => tell(each, { types, balances }))) }))
      }),
      client.on(LEVEL_UP, ({ level: { level } }) => toast(t('levelUp', { level }))),
    ]
    return () => {
      for (const off of offs) off()
    }
  }, [playerId, isAtMatch, t, list, tell, toast])
}
