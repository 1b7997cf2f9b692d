import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, open, readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { Place } from './place.ts'
import { stopServer } from './process.ts'
import { spawnFault, startFault } from './sentences.ts'

export interface Server {
  readonly pid: number
  /** Resolves when the server is gone, whoever ended it. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** The port was taken between looking and binding, or a killed server's memory is not yet given back: try again. */
export class TryAgain extends Error {}

const READY_MS_MAX = 60_000
const POLL_MS = 10
const LOG_BYTES_MAX = 8 * 1024 * 1024

const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '128MB',
  // Three I/O workers fewer to start and to keep; nothing here reads enough from disk to miss them.
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  random_page_cost: '1.1',
}

/** Nothing of a throwaway cluster need survive a crash of the machine. */
const THROWAWAY_SETTINGS = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
}

/** Starts the server and waits until it takes connections. Throws an OperatorError, or TryAgain. */
export async function startServer(place: Place, binaries: Binaries, port: number, durable: boolean): Promise<Server> {
  const logFile = join(place.home, 'postgres.log')
  const logStart = await prepareLog(logFile)
  const settings = durable ? SETTINGS : { ...SETTINGS, ...THROWAWAY_SETTINGS }
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = await open(logFile, 'a', 0o600)
  let child: ChildProcess
  try {
    child = spawn(binaries.postgres, ['-D', place.data, '-p', String(port), ...flags], {
      ...place.account,
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log.fd, log.fd],
      // A session of its own: Ctrl-C in the terminal is for us, who stop the server last.
      detached: true,
    })
  } finally {
    await log.close()
  }
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  let failure: Error | undefined
  let over = false
  child.once('error', (error) => {
    failure = spawnFault(error, binaries.postgres)
    over = true
    end()
  })
  child.once('exit', () => {
    over = true
    end()
  })
  child.unref()

  const pid = child.pid ?? 0
  await Promise.race([ended, ready(place, pid, () => over)])
  if (failure) throw failure
  if (!over) return { pid, ended, stop: () => stopServer(pid) }

  const said = (await readFile(logFile, 'utf8')).slice(logStart)
  if (/could not bind|pre-existing shared memory block|lock file .* already exists/.test(said)) throw new TryAgain(said)
  throw startFault(said, logFile, place.home)
}

/** Gives how long the log is already; one that grew large begins anew. */
async function prepareLog(logFile: string): Promise<number> {
  const found = await stat(logFile).catch(() => undefined)
  if (!found) return 0
  await chmod(logFile, 0o600)
  if (found.size < LOG_BYTES_MAX) return (await readFile(logFile, 'utf8')).length
  await truncate(logFile)
  return 0
}

async function ready(place: Place, pid: number, isOver: () => boolean): Promise<void> {
  const untilMs = performance.now() + READY_MS_MAX
  // Line 8 of postmaster.pid is the server's own word about its state; the file of one that was killed lies there until then.
  while (!isOver() && performance.now() < untilMs) {
    const lines = (await readFile(join(place.data, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n')
    if (lines[0] === String(pid) && lines[7]?.startsWith('ready')) return
    await delay(POLL_MS)
  }
}
