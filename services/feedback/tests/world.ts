import { testKit } from '@meydan/conformance/harness'
import type { Id } from '@meydan/contracts/core'
import { USER_DELETED } from '@meydan/contracts/identity'
import { consumer } from '@meydan/kernel/events'
import { manualClock } from '@meydan/kernel/time'
import { sql } from 'kysely'
import { type Called, feedbackService } from '../module.ts'

export const NOON = Date.UTC(2026, 10, 18, 12)
export const nameOf = (playerId: Id): string => `name of ${playerId}`

/** The service on a Postgres of its own, hearing events as the bus delivers them. */
export async function openWorld() {
  const clock = manualClock(NOON)
  const service = feedbackService()
  const made = await testKit<Called>('feedback', service.migrations, {
    clock,
    call: {
      players: {
        names: async ({ playerIds }) => ({ names: Object.fromEntries(playerIds.map((id) => [id, nameOf(id)])) }),
      },
    },
  })
  const { kit } = made
  const { listeners = [] } = service.build(kit)
  return {
    made,
    service,
    clock,
    async deleteAccount(userId: Id): Promise<void> {
      const at = new Date(clock.now()).toISOString()
      const { name, version } = USER_DELETED
      const event = { id: kit.nextId(), name, version, key: userId, data: { userId, at }, at, source: 'identity' }
      for (const listener of listeners) await consumer('feedback', listener, kit.db).handle(event)
    },
    async clear(): Promise<void> {
      const tables = ['feedback', 'forgotten', 'outbox', 'applied_events']
      await sql`truncate ${sql.join(tables.map((table) => sql.table(`feedback.${table}`)))}`.execute(kit.db.tables())
    },
  }
}
