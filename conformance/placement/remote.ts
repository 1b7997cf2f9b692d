import { type ServiceKeys, staticDiscovery } from '@meydan/kernel/rpc'
import { front } from './contracts.ts'
import { meshProcess } from './process.ts'
import { backService } from './services.ts'
import { givenSettings, serveUntilOrphaned } from './spawned.ts'

/** The second process of the examples: answers for `back`. */
export interface RemoteSettings {
  readonly keys: ServiceKeys
  readonly frontUrl: string
}

const { keys, frontUrl } = givenSettings<RemoteSettings>()
serveUntilOrphaned(
  await meshProcess({
    name: 'remote',
    services: [backService()],
    elsewhere: [front],
    discovery: staticDiscovery({ front: [frontUrl] }),
    keys,
  }),
)
