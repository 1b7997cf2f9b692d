import type { identity } from '@meydan/contracts/identity'
import type { Handlers } from '@meydan/kernel/rpc'
import { accountHandlers } from './account.ts'
import { entryHandlers } from './entry.ts'
import type { Parts } from './parts.ts'
import { sessionHandlers } from './sessions.ts'
import { staffHandlers } from './staff.ts'

export function identityHandlers(parts: Parts): Handlers<typeof identity> {
  return { ...entryHandlers(parts), ...accountHandlers(parts), ...sessionHandlers(parts), ...staffHandlers(parts) }
}
