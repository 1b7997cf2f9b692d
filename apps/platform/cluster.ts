import { hostname, networkInterfaces } from 'node:os'
import type { Contract } from '@meydan/contracts/core'
import { crash, crashErrors } from '@meydan/contracts/crash'
import { rooms, roomsErrors } from '@meydan/contracts/rooms'
import type { Lifecycle } from '@meydan/kernel/lifecycle'
import {
  clientsFor,
  type Discovery,
  EDGE,
  firstOf,
  type Host,
  type MeshLink,
  nodeRegistry,
  openContext,
  type Registry,
  type ServiceTokens,
  staticDiscovery,
} from '@meydan/kernel/rpc'
import type { Log } from '@meydan/kernel/telemetry'
import { systemClock as clock } from '@meydan/kernel/time'
import { type ClusterRooms, clusterRooms, LOCAL } from '@meydan/realtime/line'
import { type LocalRoomEngine, leaseName } from '@meydan/realtime/rooms'
import type { CrashOf } from '@meydan/services/crash'
import { claimNode } from './node.ts'
import type { Plan } from './plan.ts'
import type { PlatformSettings } from './settings.ts'
import type { Shared } from './shared.ts'

/** What a process needs of its installation, whether it is alone or one of several. */
export interface Membership {
  /** This process's number in ids. */
  readonly node: number
  readonly processId: string
  /** Absent in a process that is alone, or knows the others from MEYDAN_MESH only. */
  readonly registry: Registry | undefined
}

interface JoiningParts {
  readonly settings: PlatformSettings
  readonly shared: Shared
  readonly lifecycle: Lifecycle
  readonly log: Log
  readonly say: (what: string) => void
  /** This process may not go on. */
  readonly fail: () => void
}

/** Takes a number for this process, and looks who else is there. Processes that share nothing have only what the settings say. */
export async function joinInstallation(parts: JoiningParts): Promise<Membership> {
  const { settings, shared, lifecycle, log, say, fail } = parts
  const { node: wanted } = settings
  if (settings.redisUrl === undefined) {
    return { node: wanted ?? 0, processId: processName(wanted ?? 0), registry: undefined }
  }
  const owner = `${hostname()} ${process.pid} ${crypto.randomUUID()}`
  const { leases, cache } = shared
  const { node } = await lifecycle.open('number', () => claimNode({ leases, wanted, owner, log, say, onLost: fail }), {
    stop: (claim) => claim.stop(),
  })
  const registry = nodeRegistry({ cache, clock, log })
  await lifecycle.open('registry', () => registry.start(), { stop: async () => registry.stop() })
  return { node, processId: processName(node), registry }
}

/** A process that stands still may be asked before it is known to: then another is, soon. */
const TAKE_OVER_MS_MAX = 300

const processName = (node: number): string => `node-${node}`

/** Services of other processes: where the operator says, and else where they announce themselves. */
export function discoveryOf({ mesh }: Plan, registry: Registry | undefined): Discovery {
  const written = staticDiscovery(Object.fromEntries(mesh))
  return registry ? firstOf(written, registry) : written
}

export interface RoomsParts {
  readonly registry: Registry
  readonly shared: Shared
  readonly processId: string
  /** Absent in a process without the role rooms. */
  readonly engine: LocalRoomEngine | undefined
  readonly tokens: ServiceTokens
  readonly log: Log
  /** Of this process, once it is there. */
  readonly host: () => Host
}

/** The rooms of all processes: the lease of a room says who owns it, and the registry where that one is. */
export function roomsEverywhere({ registry, shared, processId, engine, tokens, log, host }: RoomsParts): ClusterRooms {
  return clusterRooms({
    local: engine,
    async ownerOf(roomId) {
      const owner = (await shared.leases.holder(leaseName(roomId)))?.owner
      if (owner === undefined) return null
      if (owner === processId) return LOCAL
      const address = await registry.addressOf(owner)
      if (address === undefined) throw roomsErrors.ROOM_MOVING({ retryAfterS: 1 })
      return address
    },
    async takeOver(roomId) {
      const context = openContext({
        caller: { kind: 'service', service: EDGE },
        clock,
        log,
        timeoutMs: TAKE_OVER_MS_MAX,
      })
      await host().clients(EDGE, { rooms }).rooms.takeOver({ roomId }, context)
    },
    others: () =>
      registry.nodes.flatMap(({ processId: id, services, address }) =>
        id !== processId && address !== null && services.includes(rooms.name) ? [address] : [],
      ),
    tokens,
    clock,
    log,
  })
}

/** The crash game of the process that has a lobby. One that is alone has them all. */
export function crashElsewhere(registry: Registry | undefined, link: MeshLink): CrashOf {
  return (processId) => {
    if (!registry) throw crashErrors.LOBBY_MOVING({ retryAfterS: 1 })
    const there = link.to(processId, (id) => registry.addressOf(id))
    return clientsFor(crash.name, { crash }, () => there, clock).crash
  }
}

/** Announces what this process answers for and where it is watched, now that it is open. It leaves before anything else of it drains. */
export async function announce(
  lifecycle: Lifecycle,
  { settings, membership, contracts, meshUrl, doorUrl, version }: AnnouncedParts,
): Promise<void> {
  const { registry, processId } = membership
  if (!registry) return
  const address = meshUrl === undefined ? null : (settings.meshUrl ?? reachable(meshUrl))
  const { host } = settings
  const { port } = new URL(doorUrl)
  const listening = `http://${host.includes(':') ? `[${host}]` : host}:${port}`
  const self = {
    processId,
    address,
    watchUrl: `http://${new URL(address ?? reachable(listening)).hostname}:${port}`,
    services: contracts.map(({ name }) => name),
    contracts: Object.fromEntries(contracts.map((contract) => [contract.name, contract.version])),
    region: settings.region,
    version,
    startedAtMs: clock.now(),
  }
  await lifecycle.open('announcement', () => registry.join(self), { drain: () => registry.leave() })
}

interface AnnouncedParts {
  readonly settings: PlatformSettings
  readonly membership: Membership
  readonly contracts: readonly Contract[]
  readonly meshUrl: string | undefined
  /** Of the door that answers `/metrics`. */
  readonly doorUrl: string
  readonly version: string
}

/** Nobody reaches a process at 0.0.0.0, which it listens on: its first address in the network stands for it. */
function reachable(url: string): string {
  const { hostname: name, port } = new URL(url)
  if (name !== '0.0.0.0' && name !== '[::]') return url
  const outside = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const address = outside.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1'
  return `http://${address}:${port}`
}
