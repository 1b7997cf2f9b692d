import type { Campaign } from '@meydan/contracts/rewards'
import { type InfiniteData, infiniteQueryOptions } from '@tanstack/react-query'
import { asAdmin } from '../admin.ts'
import { client } from '../client.ts'
import { queryClient } from '../queries.ts'

const PAGE = 20
/** While one is being sent. */
const LOOK_EVERY_MS = 1_000

/** Campaigns, newest first; looked at again while one is on its way. */
export const campaigns = infiniteQueryOptions({
  queryKey: ['rewards', 'campaigns'],
  queryFn: ({ pageParam: before }) =>
    asAdmin(() => client.call.rewards.campaigns({ limit: PAGE, ...(before && { before }) })),
  initialPageParam: null as string | null,
  getNextPageParam: ({ campaigns: page }) => (page.length < PAGE ? null : (page.at(-1)?.campaignId ?? null)),
  refetchInterval: ({ state }) =>
    state.data?.pages.some((page) => page.campaigns.some(({ state }) => state === 'sending')) ? LOOK_EVERY_MS : false,
})

type Page = Awaited<ReturnType<typeof client.call.rewards.campaigns>>

/** Shows what the server said of one. */
export function showCampaign(campaign: Campaign): void {
  queryClient.setQueryData(campaigns.queryKey, (data) => data && withCampaign(data, campaign))
}

function withCampaign<P>(data: InfiniteData<Page, P>, campaign: Campaign): InfiniteData<Page, P> {
  const pages = data.pages.map((page) => ({
    campaigns: page.campaigns.map((known) => (known.campaignId === campaign.campaignId ? campaign : known)),
  }))
  return { ...data, pages }
}
