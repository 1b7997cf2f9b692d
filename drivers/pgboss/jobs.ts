import type { DeadLetter, Envelope } from '@meydan/kernel/events'
import type { Db } from 'pg-boss'
import { z } from 'zod'
import { deadQueue, groupOfDeadQueue } from './queues.ts'

// What pg-boss has no call for, read from its tables (version 12; the suite in conformance/drivers notices a change).

/** Event names by the group that hears them; of the given events, or of all. */
export async function readSubscribers(
  db: Db,
  schema: string,
  events?: readonly string[],
): Promise<Map<string, Set<string>>> {
  const { rows } = await db.executeSql(
    `select event, name from ${schema}.subscription where $1::text[] is null or event = any($1)`,
    [events ?? null],
  )
  const subscribers = new Map<string, Set<string>>()
  for (const { event, name } of z.array(z.object({ event: z.string(), name: z.string() })).parse(rows)) {
    subscribers.set(name, (subscribers.get(name) ?? new Set()).add(event))
  }
  return subscribers
}

/**
 * Removes jobs that failed for good. pg-boss has put a copy into the dead letter queue in the statement that failed them;
 * what stays behind would hold up the later events of its key. Gives the groups that can go on.
 */
export async function sweepFailed(db: Db, schema: string, groups: readonly string[]): Promise<Set<string>> {
  if (groups.length === 0) return new Set()
  const { rows } = await db.executeSql(
    `delete from ${schema}.job where policy = 'key_strict_fifo' and state = 'failed' and dead_letter is not null
      and name = any($1) returning name`,
    [groups],
  )
  return new Set(
    z
      .array(z.object({ name: z.string() }))
      .parse(rows)
      .map(({ name }) => name),
  )
}

const LETTERS_MAX = 1_000

const Letter = z.object({
  id: z.string(),
  name: z.string(),
  data: z.custom<Envelope>((data) => typeof data === 'object' && data !== null && 'id' in data && 'name' in data),
  source_retry_count: z.number().nullable(),
  source_output: z.unknown(),
  created_on: z.date(),
})

/** The oldest 1,000 dead letters, of one group or of all. */
export async function readDeadLetters(db: Db, schema: string, group: string | undefined): Promise<DeadLetter[]> {
  const { rows } = await db.executeSql(
    `select id, name, data, source_retry_count, source_output, created_on from ${schema}.job
      where name like 'dead/%' and ($1::text is null or name = $1) and state = 'created'
      order by created_on, id limit ${LETTERS_MAX}`,
    [group === undefined ? null : deadQueue(group)],
  )
  return z
    .array(Letter)
    .parse(rows)
    .map((row) => ({
      id: row.id,
      group: groupOfDeadQueue(row.name),
      envelope: row.data,
      error: messageOf(row.source_output),
      attempts: (row.source_retry_count ?? 0) + 1,
      at: row.created_on.toISOString(),
    }))
}

const Output = z.object({ message: z.string() })

function messageOf(output: unknown): string {
  const parsed = Output.safeParse(output)
  return parsed.success ? parsed.data.message : JSON.stringify(output)
}

/** Events waiting, running or to be tried again, for every group there is. */
export async function readDepth(db: Db, schema: string): Promise<Record<string, number>> {
  const { rows } = await db.executeSql(
    `select q.name, count(j.id)::int as depth from (select distinct name from ${schema}.subscription) q
      left join ${schema}.job j on j.name = q.name and j.state <= 'active' group by q.name`,
  )
  const depths = z.array(z.object({ name: z.string(), depth: z.number() })).parse(rows)
  return Object.fromEntries(depths.map(({ name, depth }) => [name, depth]))
}
