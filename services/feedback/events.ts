import { USER_DELETED } from '@meydan/contracts/identity'
import { type Listener, listen } from '@meydan/kernel/events'
import { type FeedbackTables, forgetPlayer } from './store.ts'

/** What feedback hears. It publishes FEEDBACK_LEFT and FEEDBACK_REVIEWED (handlers.ts). */
export function feedbackListeners(): Listener[] {
  return [
    listen<typeof USER_DELETED, FeedbackTables>(USER_DELETED, 'forget', (tx, { data }) =>
      forgetPlayer(tx, data.userId),
    ),
  ]
}
