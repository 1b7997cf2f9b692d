import type { Database } from '@meydan/kernel/storage'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

export interface DatabaseUnderTest {
  readonly db: Database
  /** Another schema of the same database. */
  readonly other: Database
  /** Transactions of `db` that were reported as committed. */
  readonly committed: readonly object[]
  close(): Promise<void>
}

interface Tables {
  notes: { id: string; text: string }
}

/** What every driver of the database port does. Both schemas have a table `notes (id bigint primary key, text text)`. */
export function databaseSuite(driver: string, open: () => Promise<DatabaseUnderTest>): void {
  describe(`database on ${driver}`, () => {
    let made: DatabaseUnderTest
    beforeAll(async () => {
      made = await open()
    })
    afterAll(() => made.close())

    const texts = async (db: Database) =>
      (await db.tables<Tables>().selectFrom('notes').select('text').orderBy('id').execute()).map(({ text }) => text)

    test('P1 what a transaction wrote is there when it returns, and is not when it throws', async () => {
      const before = await texts(made.db)
      const result = await made.db.transaction<Tables, string>(async (tx) => {
        await tx.insertInto('notes').values({ id: '1', text: 'kept' }).execute()
        return 'done'
      })
      expect(result).toBe('done')
      const failing = made.db.transaction<Tables, void>(async (tx) => {
        await tx.insertInto('notes').values({ id: '2', text: 'lost' }).execute()
        throw new RangeError('changed my mind')
      })
      await expect(failing).rejects.toThrow(RangeError)
      expect(await texts(made.db)).toEqual([...before, 'kept'])
    })
    test('P1 a transaction in which a statement failed is not committed, even when the failure was caught', async () => {
      const swallowing = made.db.transaction<Tables, void>(async (tx) => {
        await tx.insertInto('notes').values({ id: '20', text: 'half' }).execute()
        await tx
          .insertInto('notes')
          .values({ id: '20', text: 'twice' })
          .execute()
          .catch(() => undefined)
      })
      await expect(swallowing).rejects.toThrow()
      expect(await texts(made.db)).not.toContain('half')
    })
    test('P2 64-bit ids are strings, exact to the last digit', async () => {
      const id = '9223372036854775807'
      await made.db.tables<Tables>().insertInto('notes').values({ id, text: 'the last' }).execute()
      const found = await made.db.tables<Tables>().selectFrom('notes').select('id').where('id', '=', id).execute()
      expect(found).toEqual([{ id }])
    })
    test('P3 a schema sees its own tables only', async () => {
      await made.other.tables<Tables>().insertInto('notes').values({ id: '1', text: 'elsewhere' }).execute()
      expect(await texts(made.other)).toEqual(['elsewhere'])
      expect(await texts(made.db)).not.toContain('elsewhere')
    })
    test('P4 each commit is reported once, a rollback never', async () => {
      const before = made.committed.length
      await made.db.transaction(async (tx) => sql`select 1`.execute(tx))
      await expect(made.db.transaction(() => Promise.reject(new Error('no')))).rejects.toThrow('no')
      expect(made.committed.length).toBe(before + 1)
    })
    test('P5 a text that SQL could misread is a text', async () => {
      const text = `'); drop table notes; -- \\ " ; ş`
      await made.db.tables<Tables>().insertInto('notes').values({ id: '3', text }).execute()
      expect(await texts(made.db)).toContain(text)
    })
  })
}
