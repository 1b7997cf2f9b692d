import { identity, Tokens } from '@meydan/contracts/identity'
import { players } from '@meydan/contracts/players'
import { type AnonymousCaller, type Host, newServiceKeys, type PlayerCaller, staticDiscovery } from '@meydan/kernel/rpc'
import { generateIdentityKeys } from '@meydan/services/identity'
import { type AccountsSettings, accountsProcess } from './accounts.ts'
import type { AccountsPlace, Visitor } from './accounts-scenarios.ts'
import { from } from './places.ts'
import { meshProcess } from './process.ts'
import { killed, spawnProcess } from './spawned.ts'

async function settingsFor(databaseUrl: string): Promise<AccountsSettings> {
  const [serviceKeys, identityKeys] = [await newServiceKeys(), await generateIdentityKeys()]
  return { name: 'accounts', databaseUrl, serviceKeys, identityKeys }
}

const nobody: AnonymousCaller = { kind: 'anonymous', address: '192.0.2.1' }

/** Visitors of a host in this process, who come past no gateway. */
function placeAt(host: Host, close: () => Promise<void>): AccountsPlace {
  const visitor = async (): Promise<Visitor> => {
    let caller: AnonymousCaller | PlayerCaller = nobody
    const call = (name: string, input: unknown) => host.call(name, input, from(caller))
    return {
      async register(credentials, displayName) {
        const { playerId, sessionId } = Tokens.parse(await call('identity.register', { credentials, displayName }))
        caller = { kind: 'player', playerId, sessionId, roles: [], address: nobody.address }
      },
      playerId: () => (caller.kind === 'player' ? caller.playerId : ''),
      call,
    }
  }
  return { visitor, close }
}

/** Identity and players in this process. */
export async function accountsInOne(databaseUrl: string): Promise<AccountsPlace> {
  const all = await accountsProcess(await settingsFor(databaseUrl))
  return placeAt(all.host, () => all.stop())
}

/** Identity and players in a second process; here is only the edge. */
export async function accountsInTwo(databaseUrl: string): Promise<AccountsPlace> {
  const settings = await settingsFor(databaseUrl)
  const second = await spawnProcess(new URL('./accounts-remote.ts', import.meta.url), settings)
  const edge = await meshProcess({
    name: 'edge',
    services: [],
    elsewhere: [identity, players],
    discovery: staticDiscovery({ identity: [second.url], players: [second.url] }),
    keys: settings.serviceKeys,
  })
  return placeAt(edge.host, async () => {
    await edge.stop()
    await killed(second)
  })
}
