import { identity } from '@meydan/contracts/identity'
import { players } from '@meydan/contracts/players'
import { newServiceKeys } from '@meydan/kernel/rpc'
import { generateIdentityKeys } from '@meydan/services/identity'
import { type AccountsSettings, accountsProcess } from './accounts.ts'
import { from, type Place } from './places.ts'
import { meshProcess } from './process.ts'
import { killed, spawnProcess } from './spawned.ts'

async function settingsFor(databaseUrl: string): Promise<AccountsSettings> {
  const [serviceKeys, identityKeys] = [await newServiceKeys(), await generateIdentityKeys()]
  return { name: 'accounts', databaseUrl, serviceKeys, identityKeys }
}

/** Identity and players in this process. */
export async function accountsInOne(databaseUrl: string): Promise<Place> {
  const all = await accountsProcess(await settingsFor(databaseUrl))
  return { host: all.host, from, close: () => all.stop() }
}

/** Identity and players in a second process; here is only the edge. */
export async function accountsInTwo(databaseUrl: string): Promise<Place> {
  const settings = await settingsFor(databaseUrl)
  const second = await spawnProcess(new URL('./accounts-remote.ts', import.meta.url), settings)
  const edge = await meshProcess({
    name: 'edge',
    services: [],
    elsewhere: [identity, players],
    addresses: () => ({ identity: [second.url], players: [second.url] }),
    keys: settings.serviceKeys,
  })
  return {
    host: edge.host,
    from,
    async close() {
      await edge.stop()
      await killed(second)
    },
  }
}
