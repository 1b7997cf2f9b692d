import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { quietLog, type TestDatabase, testDatabase } from '@meydan/conformance/harness'
import { migrate } from '@meydan/drivers/postgres'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

const run = promisify(execFile)

let database: TestDatabase
let folder: string
let url: URL
beforeAll(async () => {
  database = await testDatabase('migrations')
})
afterAll(async () => {
  await database.close()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-migrations-'))
  url = pathToFileURL(`${folder}/`)
  return () => rm(folder, { recursive: true })
})

const migration = (name: string, sql: string) => writeFile(join(folder, name), sql)
const up = (schema: string) => migrate(database.postgres.pool, schema, url, quietLog)
const rows = async (sql: string) => (await database.postgres.pool.query(sql)).rows

test('M1 files run in order, once, in the schema, after the tables every service has', async () => {
  await migration('0001_first.sql', 'create table first (n int); insert into first values (1);')
  await migration('0002_second.sql', 'create table second as select n + 1 as n from first;')
  await up('m1')
  await migration('0003_third.sql', 'insert into second select count(*) from outbox;')
  await up('m1')
  await up('m1')
  expect(await rows('select n from m1.second order by n')).toEqual([{ n: 0 }, { n: 2 }])
})

test('M2 a file that fails changes nothing, and is tried again at the next start', async () => {
  await migration('0001_first.sql', 'create table first (n int);')
  await migration('0002_broken.sql', 'insert into first values (1); insert into nowhere values (1);')
  await expect(up('m2')).rejects.toThrow(/0002_broken\.sql of 'm2' failed: relation "nowhere" does not exist/)
  expect(await rows('select n from m2.first')).toEqual([])
  await migration('0002_broken.sql', 'insert into first values (2);')
  await up('m2')
  expect(await rows('select n from m2.first')).toEqual([{ n: 2 }])
})

test('M3 a file that was changed after it ran is refused with what to do', async () => {
  await migration('0001_first.sql', 'create table first (n int);')
  await up('m3')
  await migration('0001_first.sql', 'create table first (n bigint);')
  await expect(up('m3')).rejects.toThrow(/0001_first\.sql of 'm3' was changed .* Put the file back/)
})

test('M3 a checkout with other line ends is the same file', async () => {
  await migration('0001_first.sql', 'create table first (\n  n int\n);\n')
  await up('m3_lines')
  await migration('0001_first.sql', 'create table first (\r\n  n int\r\n);\r\n')
  await up('m3_lines')
})

test('M4 a database that is newer than the code is refused with what to do', async () => {
  await migration('0001_first.sql', 'create table first (n int);')
  await migration('0002_second.sql', 'create table second (n int);')
  await up('m4')
  await rm(join(folder, '0002_second.sql'))
  await expect(up('m4')).rejects.toThrow(/newer than this Meydan.*0002_second\.sql.*Start the newer version/)
})

test('M5 a gap in the numbers, or a file of another kind, is refused', async () => {
  await migration('0002_second.sql', 'select 1;')
  await expect(up('m5')).rejects.toThrow(/expected migration 0001_name\.sql/)
  await rm(join(folder, '0002_second.sql'))
  await migration('notes.txt', 'hello')
  await expect(up('m5')).rejects.toThrow(/expected migration 0001_name\.sql/)
})

test('M6 processes that start together migrate once', async () => {
  await migration('0001_first.sql', 'create table first (n int); select pg_sleep(0.2); insert into first values (1);')
  await migration('0002_second.sql', 'insert into first values (2);')
  const child = fileURLToPath(new URL('./migrate.process.ts', import.meta.url))
  await Promise.all([1, 2, 3].map(() => run(process.execPath, [child, database.url, url.href])))
  expect(await rows('select n from shared_a.first order by n')).toEqual([{ n: 1 }, { n: 2 }])
  expect(await rows('select n from shared_b.first order by n')).toEqual([{ n: 1 }, { n: 2 }])
})
