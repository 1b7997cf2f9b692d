import { bots } from '@meydan/contracts/bots'
import { type Contract, seededRandom } from '@meydan/contracts/core'
import { crash } from '@meydan/contracts/crash'
import { feedback } from '@meydan/contracts/feedback'
import { identity } from '@meydan/contracts/identity'
import { leaderboards } from '@meydan/contracts/leaderboards'
import { matches } from '@meydan/contracts/matches'
import { matchmaking } from '@meydan/contracts/matchmaking'
import { players } from '@meydan/contracts/players'
import { rewards } from '@meydan/contracts/rewards'
import { rooms } from '@meydan/contracts/rooms'
import { wallet } from '@meydan/contracts/wallet'
import { allGames } from '@meydan/games/all'
import { OperatorError } from '@meydan/kernel/config'
import type { AnyService } from '@meydan/kernel/rpc'
import type { RoomsAnywhere } from '@meydan/realtime/line'
import type { LocalRoomEngine } from '@meydan/realtime/rooms'
import { botsService } from '@meydan/services/bots'
import { type CrashOf, type CrashRules, crashService } from '@meydan/services/crash'
import { feedbackService } from '@meydan/services/feedback'
import { type IdentityKeys, identityService } from '@meydan/services/identity'
import { leaderboardsService } from '@meydan/services/leaderboards'
import { matchesService } from '@meydan/services/matches'
import { matchmakingService } from '@meydan/services/matchmaking'
import { playersService } from '@meydan/services/players'
import { type RewardsOptions, rewardsService } from '@meydan/services/rewards'
import { roomsService } from '@meydan/services/rooms'
import { type WalletOptions, walletService } from '@meydan/services/wallet'

export { allGames }

/** What services are built from besides their kits. */
export interface ServiceParts {
  readonly keys: IdentityKeys
  /** The rooms of this process, absent where it has none, and all rooms wherever they run. */
  readonly engine: LocalRoomEngine | undefined
  readonly anywhere: RoomsAnywhere
  readonly processId: string
  readonly matchMs: number | undefined
  readonly botWaitMs: number
  readonly money: WalletOptions
  readonly rewards: RewardsOptions
  readonly crash: CrashRules
  readonly crashOf: CrashOf
}

/** Every service of the platform. A process builds those that its roles name. */
export const catalogue: Readonly<Record<string, (parts: ServiceParts) => AnyService>> = {
  identity: ({ keys }: ServiceParts) => identityService({ keys }),
  players: () => playersService(),
  matchmaking: ({ botWaitMs }) => matchmakingService({ games: allGames, botWaitMs }),
  rooms: ({ engine, anywhere, processId, matchMs }) => {
    if (!engine) throw new OperatorError('MEYDAN_ROLES: the rooms service needs the role rooms in the same process.')
    return roomsService({ engine, anywhere, processId, matchMs })
  },
  bots: () => botsService(),
  matches: () => matchesService({ games: allGames }),
  leaderboards: () => leaderboardsService({ games: allGames }),
  feedback: () => feedbackService(),
  wallet: ({ money }) => walletService(money),
  rewards: ({ rewards }) => rewardsService(rewards),
  crash: ({ crash: rules, processId, crashOf }) => crashService({ rules, processId, crashOf }),
}

/** Throws an OperatorError for a length of matches that a game does not take: its rooms would never open. */
export function checkMatchMs(matchMs: number): void {
  for (const { title, create } of allGames) {
    try {
      create({ random: seededRandom(0), options: { matchMs } })
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new OperatorError(`MEYDAN_MATCH_MS=${matchMs} is no length for ${title}: ${error.message}.`)
    }
  }
}

export const SERVICE_NAMES: readonly string[] = Object.keys(catalogue)

const contracts: readonly Contract[] = [
  identity,
  players,
  matchmaking,
  rooms,
  bots,
  matches,
  leaderboards,
  feedback,
  wallet,
  rewards,
  crash,
]

/** The contracts of the services that are not among these. */
export function otherContracts(own: ReadonlySet<string>): Contract[] {
  return contracts.filter(({ name }) => !own.has(name))
}

/** The contracts of services that other processes answer for. Throws an OperatorError for a name that is no service. */
export function contractsOf(names: readonly string[]): Contract[] {
  return names.map((name) => {
    const contract = contracts.find((known) => known.name === name)
    if (!contract)
      throw new OperatorError(`MEYDAN_MESH: there is no service '${name}'; there are ${SERVICE_NAMES.join(', ')}.`)
    return contract
  })
}

/** Says which service calls another that answers nowhere; undefined when all it needs is reachable. */
export function callsNowhere(services: readonly AnyService[], reachable: ReadonlySet<string>): string | undefined {
  for (const { contract, calls } of services) {
    const missing = Object.values(calls).find(({ name }) => !reachable.has(name))
    if (missing)
      return `The service ${contract.name} calls ${missing.name}: add it to MEYDAN_ROLES, or say in MEYDAN_MESH where it is.`
  }
  return undefined
}
