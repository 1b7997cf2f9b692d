import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PORTS, portsOf, startCluster } from '@meydan/cluster'
import { freePorts } from '@meydan/conformance/platform'
import { type Client, createClient } from '@meydan/sdk'
import type { AccountsPlace, Visitor } from './accounts-scenarios.ts'

/** How a visitor's calls travel once there is a player. */
export type Way = 'REST' | 'socket'

/** The web entrance of a cluster. */
export interface Entrance {
  readonly url: string
  accounts(way: Way): AccountsPlace
  close(): Promise<void>
}

/** The cluster as it ships: through nginx, two gateways, and services that announce themselves. */
export async function openEntrance(): Promise<Entrance> {
  const data = await mkdtemp(join(tmpdir(), 'meydan-entrance-'))
  const cluster = await startCluster({
    ports: portsOf(await freePorts(PORTS)),
    data,
    settings: {
      MEYDAN_LOG: 'fatal',
      MEYDAN_ADDRESS_LIMIT: '1000000',
      MEYDAN_LIMIT_SCALE: '1000',
      MEYDAN_CRASH_FIRST_BET_MS: '1000',
    },
    voice: { say: () => undefined, of: () => () => undefined },
  })
  return {
    url: cluster.url,
    accounts: (way) => placeAt(cluster.url, way),
    async close() {
      await cluster.stop()
      await rm(data, { recursive: true, force: true })
    },
  }
}

function placeAt(url: string, way: Way): AccountsPlace {
  const clients: Client[] = []
  return {
    async visitor() {
      const client = createClient({ url })
      clients.push(client)
      return visitorBy(client, way)
    },
    async close() {
      for (const client of clients) client.close()
    },
  }
}

function visitorBy(client: Client, way: Way): Visitor {
  return {
    async register(credentials, displayName) {
      await client.register(credentials, displayName)
      if (way === 'socket') await client.connect()
    },
    playerId: () => client.player?.playerId ?? '',
    async call(name, input) {
      const [contract = '', procedure = ''] = name.split('.')
      return Reflect.get(Reflect.get(client.call, contract), procedure)(input)
    },
  }
}
