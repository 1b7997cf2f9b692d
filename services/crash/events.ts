import { USER_DELETED } from '@meydan/contracts/identity'
import { DELETED_PLAYER_NAME } from '@meydan/contracts/players'
import { type Listener, listen } from '@meydan/kernel/events'
import { renameBets } from './bets.store.ts'
import type { CrashTables } from './store.ts'

/** What the crash game hears. */
export const crashListeners: readonly Listener[] = [
  listen<typeof USER_DELETED, CrashTables>(USER_DELETED, 'forget', (tx, { data }) =>
    renameBets(tx, data.userId, DELETED_PLAYER_NAME),
  ),
]
