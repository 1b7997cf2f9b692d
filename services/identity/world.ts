import { Fault, type Id, type InputOf, type OutputOf, type Role } from '@meydan/contracts/core'
import { type identity, SESSION_REVOKED, SessionRevoked } from '@meydan/contracts/identity'
import { type Caller, createHost, type Kit, openContext, type PlayerCaller } from '@meydan/kernel/rpc'
import type { manualClock } from '@meydan/kernel/time'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Hasher } from './hasher.ts'
import { generateIdentityKeys } from './keys.ts'
import { identityService } from './module.ts'
import type { Called } from './parts.ts'
import { grantRole } from './staff.ts'
import type { IdentityTables } from './store.ts'

/** What the tests of identity stand on: the service behind its pipeline, and a view of all it does. */

export interface Given {
  readonly kit: Kit<Called>
  readonly clock: ReturnType<typeof manualClock>
  readonly hasher: Hasher
  readonly publishedEvents: () => Promise<{ name: string; data: unknown }[]>
}

type Procedures = typeof identity.procedures

const UserEvent = z.looseObject({ userId: z.string(), changed: z.array(z.string()).optional() })

export async function identityWorld({ kit, clock, hasher, publishedEvents }: Given) {
  const told: { topic: string; data: SessionRevoked }[] = []
  const keys = await generateIdentityKeys()
  const service = identityService({ keys, hasher })
  const built = service.build(kit)
  const topics: Kit['topics'] = {
    ...kit.topics,
    publish(topic, event, data) {
      if (event === SESSION_REVOKED) told.push({ topic, data: SessionRevoked.parse(data) })
      return kit.topics.publish(topic, event, data)
    },
  }
  const { log, metrics } = kit
  const host = await createHost({
    // Players are not here: the test answers for them.
    services: [{ ...service, calls: {}, build: (own: Kit<Called>) => service.build({ ...own, call: kit.call }) }],
    kit: () => ({ ...kit, topics }),
    log,
    metrics,
    clock,
    freeze: true,
  })
  const db = kit.db.tables<IdentityTables>()
  const query = async (text: string) => (await sql.raw(text).execute(db)).rows

  return {
    keys,
    clock,
    /** Calls as a door does. Without a caller it is somebody new, so that the limits of one test are no matter to another. */
    async call<K extends keyof Procedures & string>(
      name: K,
      input: InputOf<Procedures[K]>,
      caller: Caller = stranger(),
    ): Promise<OutputOf<Procedures[K]>> {
      const output = await host.call(`identity.${name}`, input, openContext({ caller, clock, log }))
      return output as OutputOf<Procedures[K]> // The pipeline has parsed it by the procedure's own schema.
    },
    /** Calls by any name, with anything. */
    callAnything: (name: string, input: unknown, caller: Caller = stranger()) =>
      host.call(`identity.${name}`, input, openContext({ caller, clock, log })),
    grantRole: (name: string, role: Role) => grantRole(kit, name, role),
    async runJobs() {
      for (const job of built.jobs ?? []) await job.run(new AbortController().signal)
    },
    told: () => told,
    async published() {
      return (await publishedEvents()).map(({ name, data }) => ({ name, data: UserEvent.parse(data) }))
    },
    query,
    async count(table: keyof IdentityTables, where = 'true'): Promise<number> {
      return (await query(`select 1 from identity.${table} where ${where}`)).length
    },
    /** All that is stored about people, as text; byte strings as if they were latin 1. */
    async dump(): Promise<string> {
      const tables = ['accounts', 'links', 'sessions', 'refresh_tokens'] as const
      const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
      return JSON.stringify(rows, (_key, value) =>
        value?.type === 'Buffer' ? Buffer.from(value.data).toString('latin1') : value,
      )
    },
  }
}

let strangers = 0
function stranger(): Caller {
  strangers++
  return { kind: 'anonymous', address: `198.51.${strangers >> 8}.${strangers & 255}`, userAgent: 'a test' }
}

/** The caller that the edge makes of somebody's token. */
export function as(owner: { playerId: Id; sessionId: Id }, more: Partial<PlayerCaller> = {}): PlayerCaller {
  const { playerId, sessionId } = owner
  return { kind: 'player', playerId, sessionId, roles: [], address: '192.0.2.9', ...more }
}

/** The fault that a call must end with. */
export async function fault(call: Promise<unknown>): Promise<Fault> {
  try {
    await call
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
  throw new Error('the call was answered')
}

/** Stands in for argon2id where its cost is not the point, and counts what it is asked. */
export function countingHasher(): Hasher & {
  readonly checks: () => number
  readonly hashes: () => number
  readonly reset: () => void
  readonly failWith: (error: Error | undefined) => void
} {
  let checks = 0
  let hashes = 0
  let failure: Error | undefined
  const work = async <T>(value: T): Promise<T> => {
    if (failure) throw failure
    return value
  }
  return {
    hash(password) {
      hashes++
      return work(`hash of ${password}`)
    },
    verify(hash, password) {
      checks++
      return work(hash === `hash of ${password}`)
    },
    checks: () => checks,
    hashes: () => hashes,
    reset() {
      checks = 0
      hashes = 0
    },
    failWith(error) {
      failure = error
    },
  }
}
