import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { quietLog } from '@meydan/conformance/harness'
import { connectPostgres, type EmbeddedPostgres, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'

const isRoot = process.getuid?.() === 0
const WAIT = { timeout: 20_000, interval: 20 }

let folder: string
let systemDir: string
let dataDir: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-embedded-'))
  dataDir = join(folder, 'home', '.meydan')
  systemDir = await mkdtemp(join(tmpdir(), 'meydan-system-'))
  // The folder above the data is its owner's alone, as a home is; the system's folder is open to all.
  await chmod(systemDir, 0o755)
  await mkdir(join(folder, 'home'), { mode: 0o700 })
})
afterAll(async () => {
  await rm(folder, { recursive: true })
  await rm(systemDir, { recursive: true })
})

const start = (more: { port?: number; dataDir?: string } = {}) =>
  startEmbeddedPostgres({ dataDir, systemDir, log: quietLog, ...more })

async function query<R>(server: EmbeddedPostgres, sql: string): Promise<R[]> {
  const postgres = await connectPostgres({ url: server.url, poolMax: 1, log: quietLog })
  try {
    return (await postgres.pool.query(sql)).rows
  } finally {
    await postgres.close()
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** A Meydan in a process of its own, with its Postgres. */
async function startProcess(): Promise<{ child: ChildProcess; pid: number }> {
  const file = fileURLToPath(new URL('./embedded.process.ts', import.meta.url))
  const child = spawn(process.execPath, [file, dataDir, systemDir], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface({ input: child.stdout })) return { child, pid: JSON.parse(line).pid }
  throw new Error('the process ended before its Postgres was up')
}

async function killed(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}

describe('embedded Postgres', { timeout: 60_000 }, () => {
  test('B1 data and port outlive a stop, and nothing is left running', async () => {
    const first = await start()
    await query(first, 'create table kept as select 7 as n')
    await first.stop()
    expect(isAlive(first.pid)).toBe(false)
    const second = await start()
    expect(second.port).toBe(first.port)
    expect(await query(second, 'select n from kept')).toEqual([{ n: 7 }])
    expect(await query(second, 'show fsync')).toEqual([{ fsync: 'on' }])
    expect(await query(second, 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }])
    await second.stop()
    await second.stop()
    expect(isAlive(second.pid)).toBe(false)
  })

  test('B2 the password is random and its file is for its owner alone', async () => {
    const server = await start()
    const file = join(server.folder, 'password')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const password = await readFile(file, 'utf8')
    expect(password).toMatch(/^[\w-]{32}$/)
    const wrong = server.url.replace(password, 'wrong')
    await expect(connectPostgres({ url: wrong, log: quietLog })).rejects.toThrow(/does not let user 'meydan' in/)
    await server.stop()
  })

  test('B3 of two Meydans on one folder the second is told about the first', async () => {
    const server = await start()
    await expect(start()).rejects.toThrow(/Another Meydan \(process \d+\) is running on/)
    expect(await query(server, 'select n from kept')).toEqual([{ n: 7 }])
    await server.stop()
  })

  test('B4 after kill -9 of Meydan its Postgres stops by itself, and the next start has the data', async () => {
    const { child, pid } = await startProcess()
    await killed(child)
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), WAIT)
    const server = await start()
    expect(await query(server, 'select n from kept')).toEqual([{ n: 7 }])
    await server.stop()
  })

  test('B4 a Postgres that was orphaned all the same is stopped by the next start', async () => {
    const { child, pid } = await startProcess()
    for (const watchdog of await watchdogsOf(child)) process.kill(watchdog, 'SIGKILL')
    await killed(child)
    expect(isAlive(pid)).toBe(true)
    const server = await start()
    expect(isAlive(pid)).toBe(false)
    expect(await query(server, 'select n from kept')).toEqual([{ n: 7 }])
    await server.stop()
  })

  test('B4 a postmaster.pid left behind whose number is another process now is no hindrance', async () => {
    const server = await start()
    await server.stop()
    await writeFile(join(server.folder, 'data', 'postmaster.pid'), `${process.pid}\n${server.folder}/data\n1\n`)
    const again = await start()
    expect(await query(again, 'select n from kept')).toEqual([{ n: 7 }])
    await again.stop()
  })

  test('B5 while Postgres is away calls are UNAVAILABLE with a time to try again; it comes back without a restart', async () => {
    const server = await start()
    const postgres = await connectPostgres({ url: server.url, poolMax: 3, log: quietLog })
    const db = postgres.database('public')
    await db.ping()
    const before = server.pid
    const asleep = sql`select pg_sleep(9)`.execute(db.tables())
    const cut = expect(asleep).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfterS: expect.any(Number) })
    process.kill(before, 'SIGKILL')
    await cut
    await expect(db.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE', status: 503 })
    await vi.waitFor(() => db.ping(), WAIT)
    expect(server.pid).not.toBe(before)
    expect(await query(server, 'select n from kept')).toEqual([{ n: 7 }])
    await postgres.close()
    await server.stop()
  })

  test('B5 a stop that is asked for while Postgres is being started again stops that one, too', async () => {
    const server = await start()
    const before = server.pid
    process.kill(before, 'SIGKILL')
    let again = before
    const isBeingStarted = async (): Promise<void> => {
      again = Number.parseInt(await readFile(join(server.folder, 'data', 'postmaster.pid'), 'utf8'), 10)
      expect(again).not.toBe(before)
    }
    await vi.waitFor(isBeingStarted, { timeout: WAIT.timeout, interval: 1 })
    await server.stop()
    expect(isAlive(again)).toBe(false)
  })

  test('B6 a port that is taken: the one that was kept is changed, the one that was asked for is refused', async () => {
    const first = await start()
    await first.stop()
    const other = createServer().listen(first.port, '127.0.0.1')
    await once(other, 'listening')
    await expect(start({ port: first.port })).rejects.toThrow(`Port ${first.port} is taken`)
    const moved = await start()
    expect(moved.port).not.toBe(first.port)
    await moved.stop()
    other.close()
  })

  test('B7 a broken data folder is one sentence that says what to do, and is left as it was', async () => {
    const server = await start()
    await server.stop()
    const control = join(server.folder, 'data', 'global', 'pg_control')
    const sound = await readFile(control)
    await writeFile(control, Buffer.alloc(sound.length))
    await expect(start()).rejects.toThrow(/does not start: .*Restore the folder from a backup/)
    await writeFile(control, sound)
    const version = join(server.folder, 'data', 'PG_VERSION')
    await writeFile(version, '12\n')
    await expect(start()).rejects.toThrow(/made by Postgres 12, and this Meydan carries 18/)
    await rm(version)
    await expect(start()).rejects.toThrow(/PG_VERSION is gone/)
    await writeFile(version, '18\n')
    const again = await start()
    expect(await query(again, 'select n from kept')).toEqual([{ n: 7 }])
    await again.stop()
  })

  test('B7 a file where the folder should be is one sentence', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(start({ dataDir: file })).rejects.toThrow(/is not a folder: set MEYDAN_DATA/)
    await expect(start({ dataDir: join(file, 'deeper') })).rejects.toThrow(/is not a folder: set MEYDAN_DATA/)
  })

  test('B8 as root the data of a closed home lies in the system folder; removing .meydan begins anew', async () => {
    const near = join(dataDir, 'postgres')
    if (!isRoot) {
      expect(await readdir(near)).toContain('data')
      return
    }
    const place = (await readFile(join(near, 'location'), 'utf8')).trim()
    expect(place.startsWith(systemDir)).toBe(true)
    expect((await stat(join(place, 'data'))).uid).not.toBe(0)
    await rm(dataDir, { recursive: true })
    const fresh = await start()
    await expect(query(fresh, 'select n from kept')).rejects.toThrow('does not exist')
    await fresh.stop()
    await rm(fresh.folder, { recursive: true })
    await expect(start()).rejects.toThrow(/which is gone. Put it back from a backup, or remove/)
  })

  test('B8 as root too, the data of a folder that others may pass through stays in it', async () => {
    const open = await mkdtemp(join(tmpdir(), 'meydan-open-'))
    await chmod(open, 0o755)
    const server = await start({ dataDir: join(open, 'data') })
    expect(server.folder).toBe(join(open, 'data', 'postgres'))
    await server.stop()
    await rm(open, { recursive: true })
  })
})

async function watchdogsOf(parent: ChildProcess): Promise<number[]> {
  const children = await readFile(`/proc/${parent.pid}/task/${parent.pid}/children`, 'utf8')
  const pids = children.trim().split(' ').map(Number)
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')))
  return pids.filter((_, index) => lines[index]?.includes('meydan-watchdog'))
}
