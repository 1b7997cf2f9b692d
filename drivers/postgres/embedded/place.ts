import { randomBytes } from 'node:crypto'
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { OperatorError } from '@meydan/kernel/config'
import { type Account, accountFor, isRoot, openPath } from './account.ts'

/** Where one cluster lives. */
export interface Place {
  /** Ours: password, port, log, and the note of who runs it. */
  readonly home: string
  /** Postgres's own data folder, inside of `home`. */
  readonly data: string
  readonly account: Account
}

const POINTER = 'location'

/**
 * Data lies in `<dataDir>/postgres`. As root Postgres runs as an account that may be unable to get there; then it lies
 * under `systemDir`, and a file `location` in `<dataDir>/postgres` says where.
 */
export async function findPlace(dataDir: string, systemDir: string): Promise<Place> {
  const near = resolve(dataDir, 'postgres')
  await mkdir(near, { recursive: true, mode: 0o700 })
  if (!isRoot) return inside(near)
  const pointer = join(near, POINTER)
  const elsewhere = await readFile(pointer, 'utf8').catch(() => undefined)
  if (elsewhere !== undefined) return pointedTo(elsewhere.trim(), pointer)

  const account = await accountFor(join(near, 'data'))
  if ((await openPath(resolve(dataDir), account)) && (await openPath(near, account))) return inside(near)

  const home = join(systemDir, 'data', `${basename(resolve(dataDir, '..'))}-${randomBytes(6).toString('hex')}`)
  await mkdir(dirname(home), { recursive: true, mode: 0o755 })
  await mkdir(home, { mode: 0o711 })
  await writeFile(join(home, 'README'), `Meydan's database for ${resolve(dataDir)}.\n`)
  await writeFile(pointer, `${home}\n`)
  await writeFile(
    join(near, 'README'),
    'Postgres does not run as root, and the account it runs as cannot enter this folder.\n' +
      'The data lies in the folder named in the file `location`; back up that one.\n',
  )
  return inside(home)
}

async function pointedTo(home: string, pointer: string): Promise<Place> {
  const found = await stat(home).catch(() => undefined)
  if (!found) {
    throw new OperatorError(
      `The database named in ${pointer} lies in ${home}, which is gone. Put it back from a backup, or remove ${dirname(pointer)} to begin with an empty database.`,
    )
  }
  return inside(home)
}

async function inside(home: string): Promise<Place> {
  const data = join(home, 'data')
  return { home, data, account: await accountFor(data) }
}
