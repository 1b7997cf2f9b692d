import { resolve } from 'node:path'
import type { Contract } from '@meydan/contracts/core'
import type { CrashRules } from '@meydan/services/crash'
import type { RewardsOptions } from '@meydan/services/rewards'
import type { WalletOptions } from '@meydan/services/wallet'
import { trustAuthorities } from './authorities.ts'
import { crashRules } from './crash.ts'
import { openDataFolder } from './data.ts'
import { moneyOf } from './money.ts'
import { assertFree, type Listening } from './ports.ts'
import { rewardsOf } from './reward-types.ts'
import { parseMesh, parseRoles, type Roles } from './roles.ts'
import { loadSecrets, type Secrets } from './secrets.ts'
import { checkMatchMs, contractsOf, SERVICE_NAMES } from './services.ts'
import type { PlatformSettings } from './settings.ts'

/** What the settings ask of this process. */
export interface Plan {
  readonly roles: Roles
  /** Addresses of the services in other processes, and their contracts. */
  readonly mesh: ReadonlyMap<string, readonly string[]>
  readonly remote: readonly Contract[]
  readonly door: Listening
  readonly meshDoor: Listening | undefined
  readonly secrets: Secrets
  readonly money: WalletOptions
  readonly rewards: RewardsOptions
  readonly crash: CrashRules
  /** The data folder, absolute. */
  readonly data: string
}

/** Finds out whatever can be wrong before anything slow is opened: each is an OperatorError within a moment of the start. */
export async function makePlan(settings: PlatformSettings): Promise<Plan> {
  const { host: address, port, meshPort } = settings
  const roles = parseRoles(settings.roles, SERVICE_NAMES)
  if (settings.matchMs !== undefined) checkMatchMs(settings.matchMs)
  const money = moneyOf(settings)
  const rewards = rewardsOf(settings)
  const crash = crashRules(settings, roles)
  const mesh = parseMesh(settings.mesh)
  const remote = contractsOf([...mesh.keys()])
  const door: Listening = { address, port, setting: 'MEYDAN_PORT' }
  // Processes that share a Redis find each other at whatever port is free.
  const isShared = settings.redisUrl !== undefined && roles.services.size > 0
  const meshDoor: Listening | undefined =
    meshPort === undefined && !isShared ? undefined : { address, port: meshPort ?? 0, setting: 'MEYDAN_MESH_PORT' }
  await assertFree(door)
  if (meshDoor) await assertFree(meshDoor)
  await openDataFolder(settings.data)
  await trustAuthorities(settings.authorities)
  const secrets = await loadSecrets({
    given: settings.secrets,
    dataFolder: settings.data,
    production: settings.env === 'production',
  })
  return { roles, mesh, remote, door, meshDoor, secrets, money, rewards, crash, data: resolve(settings.data) }
}
