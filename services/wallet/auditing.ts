import type { Job, Kit } from '@meydan/kernel/rpc'
import { type Kysely, sql } from 'kysely'
import { type AuditProgress, audit } from './audit.ts'
import type { DaysTables } from './days.ts'

const EVERY_MS = 60_000
/** Longer than a run may take and the pause after it. */
export const LEASE_MS = 150_000
const LEASE = 'wallet.audit'
/** Findings that the log tells of; one mistake may have thousands. */
const TOLD_MAX = 100

export interface AuditTables extends DaysTables {
  audits: { day: string; findings: string }
}
type Db = Kysely<AuditTables>

/**
 * Audits the books once a day (UTC), in one process: what it finds is an error in the log, and in the metric that every process of the wallet shows.
 * An audit that takes longer than a run of a job goes on in the next one.
 */
export function auditJob({ db: database, leases, log, metrics }: Pick<Kit, 'db' | 'leases' | 'log' | 'metrics'>): Job {
  const db = database.tables<AuditTables>()
  const show = metrics.gauge('meydan_ledger_findings', 'What the last audit of the ledger found that cannot be')
  const owner = crypto.randomUUID()
  let underWay: { readonly steps: AsyncGenerator<AuditProgress>; found: number } | undefined

  const goOn = async (signal: AbortSignal): Promise<void> => {
    underWay ??= { steps: audit(database), found: 0 }
    while (!signal.aborted) {
      const { done, value } = await underWay.steps.next()
      if (done) {
        await noteAudit(db, underWay.found)
        underWay = undefined
        return
      }
      for (const finding of value.findings) {
        if (underWay.found++ < TOLD_MAX) log.error({ ...finding }, 'the ledger has something that cannot be')
      }
    }
  }

  return {
    name: 'audit-books',
    everyMs: EVERY_MS,
    async run(signal) {
      if (!(await leases.acquire(LEASE, owner, LEASE_MS))) underWay = undefined
      else if (underWay || !(await isAudited(db))) {
        try {
          await goOn(signal)
        } catch (error) {
          underWay = undefined
          throw error
        }
      }
      show(await lastFindings(db))
    },
  }
}

async function isAudited(db: Db): Promise<boolean> {
  const { rows } = await sql`
    select from wallet.audits where day = (clock_timestamp() at time zone 'UTC')::date`.execute(db)
  return rows.length > 0
}

async function noteAudit(db: Db, findings: number): Promise<void> {
  await sql`
    insert into wallet.audits (day, findings) values ((clock_timestamp() at time zone 'UTC')::date, ${findings})
    on conflict (day) do update set findings = excluded.findings, finished_at = excluded.finished_at`.execute(db)
}

async function lastFindings(db: Db): Promise<number> {
  const row = await db.selectFrom('audits').select('findings').orderBy('day', 'desc').limit(1).executeTakeFirst()
  return Number(row?.findings ?? 0)
}
