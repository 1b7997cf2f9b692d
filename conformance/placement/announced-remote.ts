import type { ServiceKeys } from '@meydan/kernel/rpc'
import { announcementsAt } from './announced.ts'
import { back, front } from './contracts.ts'
import { meshProcess } from './process.ts'
import { backService, frontService } from './services.ts'
import { givenSettings, serveUntilOrphaned } from './spawned.ts'

/** One process of the examples, which finds the others where they announce themselves. */
export interface AnnouncedSettings {
  readonly keys: ServiceKeys
  readonly redisUrl: string
  readonly answersFor: 'front' | 'back'
}

const { keys, redisUrl, answersFor } = givenSettings<AnnouncedSettings>()
const announcements = await announcementsAt(redisUrl)
const running = await meshProcess({
  name: answersFor,
  services: answersFor === 'front' ? [frontService()] : [backService()],
  elsewhere: [answersFor === 'front' ? back : front],
  discovery: announcements.registry,
  keys,
})
await announcements.join(answersFor, running.url, [answersFor])
serveUntilOrphaned({
  url: running.url,
  async stop() {
    await running.stop()
    await announcements.close()
  },
})
