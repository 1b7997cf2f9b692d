import type { Id } from '@meydan/contracts/core'
import { DEFAULT_LOCALE, generatedAvatar, generatedName } from './rules.ts'
import { type Db, insertProfile, nameIfUnnamed } from './store.ts'

/** Makes the profile of an account, once; the name it was made with wins over a made-up one, whichever comes first. */
export async function welcome(db: Db, playerId: Id, displayName: string | undefined, createdAt: Date): Promise<void> {
  const profile = {
    playerId,
    displayName: displayName ?? generatedName(playerId),
    avatar: generatedAvatar(playerId),
    locale: DEFAULT_LOCALE,
    createdAt,
  }
  await insertProfile(db, profile, displayName !== undefined)
  // The player may have asked before, and been given a made-up name.
  if (displayName !== undefined) await nameIfUnnamed(db, playerId, displayName)
}
