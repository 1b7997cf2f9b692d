import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OperatorError } from '@meydan/kernel/config'
import type { Binaries } from './binaries.ts'
import type { Place } from './place.ts'
import { makingFault, spawnFault } from './sentences.ts'

export const SUPERUSER = 'meydan'
/** `18`, or `9.6` before there was a 10. */
const VERSION = /^\d+(\.\d+)?\s*$/

/** The password of the cluster in `place`; makes password and cluster when there are none yet. */
export async function ensureCluster(
  place: Place,
  binaries: Binaries,
  durable: boolean,
  onProgress: (what: string) => void,
): Promise<string> {
  const version = await readFile(join(place.data, 'PG_VERSION'), 'utf8').catch(() => undefined)
  const passwordFile = join(place.home, 'password')
  if (version === undefined) {
    await refuseForeignFolder(place)
    onProgress('making the database')
    const password = randomBytes(24).toString('base64url')
    await writeFile(passwordFile, password, { mode: 0o600 })
    await makeCluster(place, binaries, password, durable)
    return password
  }
  if (!VERSION.test(version)) throw damaged(place, 'is damaged')
  const carried = await majorVersion(binaries)
  if (version.trim() !== carried) {
    throw new OperatorError(
      `${place.data} was made by Postgres ${version.trim()}, and this Meydan carries ${carried}: carry the data over with pg_dump and psql, or start the Meydan that made it.`,
    )
  }
  try {
    return await readFile(passwordFile, 'utf8')
  } catch (cause) {
    throw new OperatorError(`The password file ${passwordFile} is gone or unreadable: put it back from a backup.`, {
      cause,
    })
  }
}

async function refuseForeignFolder(place: Place): Promise<void> {
  // Made under another name first, so a folder by the final name without PG_VERSION was damaged or is somebody else's.
  const entries = await readdir(place.data).catch(() => [])
  if (entries.length > 0) throw damaged(place, 'is gone')
}

function damaged(place: Place, what: string): OperatorError {
  return new OperatorError(
    `${place.data} is no Postgres data folder any more (PG_VERSION ${what}): restore it from a backup, or move it away to begin with an empty database.`,
  )
}

async function makeCluster(place: Place, binaries: Binaries, password: string, durable: boolean): Promise<void> {
  const draft = `${place.data}.new`
  const passwordFile = join(place.home, 'password.initdb')
  await rm(draft, { recursive: true, force: true })
  await mkdir(draft, { mode: 0o700 })
  await writeFile(passwordFile, password, { mode: 0o600 })
  if (place.account) {
    await chown(draft, place.account.uid, place.account.gid)
    await chown(passwordFile, place.account.uid, place.account.gid)
  }
  try {
    await runInitdb(place, binaries, [
      `--pgdata=${draft}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Built into Postgres, so the order of texts does not change when the machine's libraries do.
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--locale=C',
      '--no-instructions',
      // The password is 192 random bits: stretching it would only make every connection slower.
      '--set=scram_iterations=1',
      ...(durable ? [] : ['--no-sync']),
    ])
  } catch (error) {
    // What is half made helps nobody, and on a full disk it takes up room.
    await rm(draft, { recursive: true, force: true })
    throw error
  } finally {
    await rm(passwordFile, { force: true })
  }
  await rm(place.data, { recursive: true, force: true })
  await rename(draft, place.data)
}

function runInitdb(place: Place, binaries: Binaries, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(binaries.initdb, args, {
      ...place.account,
      cwd: '/',
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    child.stderr.on('data', (chunk) => {
      said += chunk
    })
    child.once('error', (error) => reject(spawnFault(error, binaries.initdb)))
    child.once('close', (code) => {
      if (code === 0) resolve()
      else reject(makingFault(said, place.home))
    })
  })
}

async function majorVersion(binaries: Binaries): Promise<string> {
  const control = await readFile(join(binaries.folder, 'share', 'postgresql', 'postgres.bki'), 'utf8')
  // The first line reads `# PostgreSQL 18`.
  return /^# PostgreSQL (\d+)/.exec(control)?.[1] ?? 'unknown'
}
