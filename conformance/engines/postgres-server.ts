import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { freePort } from '@meydan/conformance/platform'

/** The Postgres that is installed on the machine, on loopback, with data of the test's own. */
export interface PostgresServer {
  readonly port: number
  /** One statement, as `psql` prints its answer without headings. */
  ask(sql: string): string
  /** Kills it and removes its folder. */
  close(): void
}

const DEBIAN = '/usr/lib/postgresql'
const NOBODY = 65_534
/** Postgres refuses to run as root. */
const ACCOUNT = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

/**
 * Starts a server that lets the user `meydan` in, with more settings of `postgresql.conf`. It gets copies of `files` as its own, beside its
 * data. Throws when none is installed.
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
  files: readonly string[] = [],
): Promise<PostgresServer> {
  const bin = folderOfServer()
  const folder = mkdtempSync(join(tmpdir(), 'meydan-engine-'))
  for (const file of files) copyFileSync(file, join(folder, basename(file)))
  if ('uid' in ACCOUNT) execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, folder])
  const data = join(folder, 'data')
  const port = await freePort()
  const asServer = (command: string, args: readonly string[]): void =>
    void execFileSync(join(bin, command), args, { ...ACCOUNT, stdio: 'ignore' })
  const all = { port: String(port), unix_socket_directories: folder, listen_addresses: '127.0.0.1', ...settings }
  const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value}`)
  asServer('initdb', ['-D', data, '-U', 'meydan', '-A', 'trust', '-E', 'UTF8', '--no-sync'])
  asServer('pg_ctl', ['-D', data, '-w', '-l', join(folder, 'log'), '-o', options.join(' '), 'start'])
  return {
    port,
    ask: (sql) =>
      execFileSync(join(bin, 'psql'), ['-h', folder, '-p', String(port), '-U', 'meydan', '-tAc', sql, 'postgres'], {
        encoding: 'utf8',
      }).trim(),
    close() {
      asServer('pg_ctl', ['-D', data, '-m', 'immediate', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function folderOfServer(): string {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort() : []
  const version = versions.at(-1)
  if (version === undefined) throw new Error('no Postgres is installed: run .ci/engines/install')
  return join(DEBIAN, version, 'bin')
}
