import { USER_CREATED, USER_DELETED } from '@meydan/contracts/identity'
import { type Listener, listen } from '@meydan/kernel/events'
import type { Cache } from '@meydan/kernel/storage'
import { DEFAULT_LOCALE, generatedAvatar, presenceKey } from './rules.ts'
import { buryProfile, type PlayersTables } from './store.ts'
import { welcome } from './welcome.ts'

/** What players hears. It publishes USER_UPDATED when a profile changes (see `update` in handlers.ts). */
export function playersListeners(cache: Cache): Listener[] {
  return [
    listen<typeof USER_CREATED, PlayersTables>(USER_CREATED, 'make-profile', async (tx, { data }) => {
      await welcome(tx, data.userId, data.displayName, new Date(data.at))
    }),
    listen<typeof USER_DELETED, PlayersTables>(USER_DELETED, 'forget', async (tx, { data }) => {
      await buryProfile(tx, data.userId, new Date(data.at), {
        avatar: generatedAvatar(data.userId),
        locale: DEFAULT_LOCALE,
      })
      await cache.delete(presenceKey(data.userId))
    }),
  ]
}
