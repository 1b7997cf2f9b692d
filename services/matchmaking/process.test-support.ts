import { playerContext, type TestDatabase, testKit } from '@meydan/conformance/harness'
import type { Id } from '@meydan/contracts/core'
import type { Status } from '@meydan/contracts/matchmaking'
import type { NextId } from '@meydan/kernel/ids'
import type { Clock } from '@meydan/kernel/time'
import { matchmakingListeners } from './events.ts'
import { matchmakingHandlers } from './handlers.ts'
import { createMatcher } from './matcher.ts'
import { arena, type Event, type Neighbours } from './neighbours.test-support.ts'
import type { Called } from './parts.ts'
import { sayPresent } from './presence.ts'

export interface Process {
  ask(playerId: Id): Promise<Status>
  status(playerId: Id): Promise<Status>
  cancel(playerId: Id): Promise<Status>
  stillHere(playerId: Id): Promise<void>
  look(): Promise<void>
  hear(event: Event): Promise<void>
  publishedEvents(): Promise<string[]>
}

export interface ProcessParts {
  readonly database: TestDatabase
  readonly clock: Clock
  readonly nextId: NextId
  readonly neighbours: Neighbours
  readonly botWaitMs: number
}

/**
 * Matchmaking in a process of its own: what it held in memory, presence too, is gone when the next is started. Nothing wakes
 * its matcher but `look`, so that a test decides what happens when.
 */
export async function startProcess({ database, neighbours, botWaitMs, ...more }: ProcessParts): Promise<Process> {
  const migrations = new URL('./migrations/', import.meta.url)
  const made = await testKit<Called>('matchmaking', migrations, { database, call: neighbours.call, ...more })
  const { kit } = made
  const parts = { kit, games: new Map([[arena.name, arena]]), botWaitMs }
  const matcher = createMatcher(parts)
  const asleep = { ...matcher, wake: () => undefined }
  const handlers = matchmakingHandlers(parts, asleep)
  const listeners = matchmakingListeners(asleep)
  return {
    ask: (playerId) => handlers.ask({ game: arena.name }, playerContext(playerId)),
    status: (playerId) => handlers.status({}, playerContext(playerId)),
    cancel: (playerId) => handlers.cancel({}, playerContext(playerId)),
    stillHere: (playerId) => sayPresent(kit, playerId),
    look: () => matcher.run(arena.name),
    async hear({ event, data }) {
      for (const listener of listeners) {
        if (listener.event.name !== event.name) continue
        const heard = { id: kit.nextId(), data, at: new Date(kit.clock.now()).toISOString() }
        await kit.db.transaction((tx) => listener.handle(tx, heard))
      }
    },
    publishedEvents: async () => (await made.publishedEvents()).map(({ name }) => name),
  }
}
