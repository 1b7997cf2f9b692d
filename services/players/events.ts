import { USER_CREATED, USER_DELETED } from '@meydan/contracts/identity'
import { type Listener, listen } from '@meydan/kernel/events'
import type { Cache } from '@meydan/kernel/storage'
import { DEFAULT_LOCALE, generatedAvatar, generatedName, presenceKey } from './rules.ts'
import { buryProfile, insertProfile, nameIfUnnamed, type PlayersTables } from './store.ts'

/** What players hears. It publishes USER_UPDATED when a profile changes (see `update` in handlers.ts). */
export function playersListeners(cache: Cache): Listener[] {
  return [
    listen<typeof USER_CREATED, PlayersTables>(USER_CREATED, 'make-profile', async (tx, { data }) => {
      const playerId = data.userId
      await insertProfile(
        tx,
        {
          playerId,
          displayName: data.displayName ?? generatedName(playerId),
          avatar: generatedAvatar(playerId),
          locale: DEFAULT_LOCALE,
          createdAt: new Date(data.at),
        },
        data.displayName !== undefined,
      )
      // The player may have asked before this event came, and been given a made-up name.
      if (data.displayName !== undefined) await nameIfUnnamed(tx, playerId, data.displayName)
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
