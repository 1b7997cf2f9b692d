import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { OperatorError } from '@meydan/kernel/config'
import type { Log } from '@meydan/kernel/telemetry'
import pg from 'pg'
import { type Binaries, findBinaries } from './binaries.ts'
import { ensureCluster, SUPERUSER } from './cluster.ts'
import { takeOwnership } from './owner.ts'
import { findPlace, type Place } from './place.ts'
import { tryPort } from './port.ts'
import { folderFault } from './sentences.ts'
import { type Server, startServer, TryAgain } from './server.ts'
import { watchdog } from './watchdog.ts'

export interface EmbeddedOptions {
  /** The platform's data folder; the database lies in `postgres` beneath it. */
  readonly dataDir: string
  /** A fixed port, which must be free. Otherwise a free one is found and kept for the next start. */
  readonly port?: number
  readonly log: Log
  /** Told in a few words what is being waited for. */
  readonly onProgress?: (what: string) => void
  /** For tests: nothing is flushed to disk, and stopping removes `dataDir`. */
  readonly throwaway?: boolean
  /** Where root keeps binaries and data that another account must reach; `/var/lib/meydan` unless given. */
  readonly systemDir?: string
}

export interface EmbeddedPostgres {
  /** For `connectPostgres`; holds the password. */
  readonly url: string
  readonly port: number
  /** Where the data lies. */
  readonly folder: string
  /** The server's process number now; another one after a crash. */
  readonly pid: number
  /** Open transactions are rolled back. Takes up to some seconds. Twice is once. */
  stop(): Promise<void>
}

const SYSTEM_DIR = '/var/lib/meydan'
const DATABASE = 'meydan'
const ATTEMPTS_MAX = 20
const RETRY_MS = 250
const RESTART_MS = 200

/**
 * Starts a real Postgres on loopback with its data under `dataDir`, and starts it again should it die. Throws an
 * OperatorError with a sentence that says what to do. A server left behind by a killed Meydan is stopped first.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { dataDir, log } = options
  const systemDir = options.systemDir ?? SYSTEM_DIR
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 })
    const place = await findPlace(dataDir, systemDir)
    const binaries = await findBinaries(place.account, systemDir)
    const disown = await takeOwnership(place, dataDir, log)
    try {
      return await startOwned(options, place, binaries, disown)
    } catch (error) {
      await disown()
      throw error
    }
  } catch (error) {
    if (options.throwaway) await rm(dataDir, { recursive: true, force: true })
    throw folderFault(error, dataDir)
  }
}

async function startOwned(
  options: EmbeddedOptions,
  place: Place,
  binaries: Binaries,
  disown: () => Promise<void>,
): Promise<EmbeddedPostgres> {
  const { log } = options
  const durable = options.throwaway !== true
  const remove = options.throwaway ? options.dataDir : undefined
  const onProgress = options.onProgress ?? (() => {})
  const password = await ensureCluster(place, binaries, durable, onProgress)
  onProgress('starting the database')
  const first = await startOnPort(options, place, binaries)
  const { port } = first
  let server = first.server
  let dismiss = watchdog(place, server.pid, remove)
  let stopping: Promise<void> | undefined

  /** A server that dies (killed, out of memory) is started again on its port; callers get UNAVAILABLE meanwhile. */
  const keepUp = async (): Promise<void> => {
    for (;;) {
      await server.ended
      dismiss()
      if (stopping) return
      log.error({ pid: server.pid }, 'Postgres ended by itself; starting it again')
      await delay(RESTART_MS)
      if (stopping) return
      server = await startAgain(place, binaries, port, durable)
      dismiss = watchdog(place, server.pid, remove)
      // Whoever asked for a stop meanwhile could only stop the one before.
      if (stopping) await server.stop()
    }
  }
  const keeping = keepUp().catch((error: unknown) => {
    log.fatal({ err: error }, 'Postgres does not start again')
  })

  const stop = async () => {
    await server.stop()
    await keeping
    await disown()
    if (remove !== undefined) {
      await rm(place.home, { recursive: true, force: true })
      await rm(remove, { recursive: true, force: true })
    }
  }
  const url = (database: string) => `postgres://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`
  try {
    await ensureDatabase(url('postgres'))
  } catch (error) {
    stopping = stop()
    await stopping
    throw error
  }
  return {
    url: url(DATABASE),
    port,
    folder: place.home,
    get pid() {
      return server.pid
    },
    stop() {
      stopping ??= stop()
      return stopping
    },
  }
}

async function startOnPort(
  options: EmbeddedOptions,
  place: Place,
  binaries: Binaries,
): Promise<{ server: Server; port: number }> {
  const portFile = join(place.home, 'port')
  const kept = Number(await readFile(portFile, 'utf8').catch(() => '0'))
  const durable = options.throwaway !== true
  for (let attempt = 1; ; attempt++) {
    const wanted = options.port ?? (attempt === 1 ? kept : 0)
    const port = await tryPort(wanted)
    if (port === undefined) {
      if (options.port === undefined) continue
      throw new OperatorError(
        `Port ${options.port} is taken: stop what listens there, or give the database another port.`,
      )
    }
    try {
      const server = await startServer(place, binaries, port, durable)
      if (port !== kept) await writeFile(portFile, String(port))
      return { server, port }
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error
      if (attempt >= ATTEMPTS_MAX) throw new OperatorError(`The database does not start: ${error.message}`)
      await delay(RETRY_MS)
    }
  }
}

async function startAgain(place: Place, binaries: Binaries, port: number, durable: boolean): Promise<Server> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServer(place, binaries, port, durable)
    } catch (error) {
      if (!(error instanceof TryAgain) || attempt >= ATTEMPTS_MAX) throw error
      await delay(RETRY_MS)
    }
  }
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  // Its loss is the failure of the statement below; unheard it would end the process instead.
  client.on('error', () => {})
  await client.connect()
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (rowCount === 0) await client.query(`create database ${DATABASE}`)
  } finally {
    await client.end()
  }
}
