import { feedback } from '@meydan/contracts/feedback'
import { players } from '@meydan/contracts/players'
import { type Kit, service } from '@meydan/kernel/rpc'
import { feedbackListeners } from './events.ts'
import { feedbackHandlers } from './handlers.ts'

export type Called = { players: typeof players }

export function feedbackService() {
  return service({
    contract: feedback,
    calls: { players },
    migrations: new URL('./migrations/', import.meta.url),
    build: (kit: Kit<Called>) => ({ handlers: feedbackHandlers(kit), listeners: feedbackListeners() }),
  })
}
