import { CORES } from '../measure/child.ts'
import type { Production } from '../measure/production.ts'
import type { Member } from './messages.ts'

/** How the platform is spread over processes. What is not said to be elsewhere has the server's core. */

const SERVICES = 'services:identity,players,matchmaking,bots,wallet,crash'
const JOBS = 'services:matches,leaderboards,feedback,rewards jobs'

export function member(name: string, roles: string, core: number = CORES.server): Member {
  return { name, roles, core, settings: {} }
}

/** Everything but gateways and rooms, which the parts put where they want them. */
export const background = (core: number = CORES.server): Member[] => [
  member('services', SERVICES, core),
  member('jobs', JOBS, core),
]

/** In production, but for limits: the load comes from one address, and its players ask more often than people do. */
export function measuredSettings({ settings }: Production): Record<string, string> {
  return { ...settings, MEYDAN_LIMIT_SCALE: '1000000', MEYDAN_ADDRESS_LIMIT: '1000000000' }
}
