import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CORES, pinned } from '../measure/child.ts'
import { PLAYERS } from './messages.ts'

const SCRIPT = new URL('transfer.sql', import.meta.url).pathname
/** Ids of one run lie beyond those of the one before. */
const IDS_OF_A_RUN = 1_000_000_000_000
let runs = 0

export interface PgbenchAsked {
  readonly postgresUrl: string
  readonly clients: number
  readonly seconds: number
  /** Everybody pays to one account with a balance of its own, as in a ledger whose house is a row. */
  readonly everybodyPays: boolean
}

export interface PgbenchDone {
  readonly eachMs: number[]
  readonly tookMs: number
}

export const hasPgbench = (): boolean => spawnSync('pgbench', ['--version']).error === undefined

/** Runs `transfer.sql` with prepared statements. Throws what pgbench says when it fails. */
export async function pgbench({ postgresUrl, clients, seconds, everybodyPays }: PgbenchAsked): Promise<PgbenchDone> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-pgbench-'))
  const variables = { n: 0, base: ++runs * IDS_OF_A_RUN, players: PLAYERS, everybody_pays: Number(everybodyPays) }
  const { file, args } = pinned(CORES.load, [
    'pgbench',
    ...['--no-vacuum', '-M', 'prepared', '-f', SCRIPT, '-c', String(clients), '-j', '1', '-T', String(seconds)],
    ...Object.entries(variables).flatMap(([name, value]) => ['-D', `${name}=${value}`]),
    ...['--log', `--log-prefix=${join(folder, 'log')}`, postgresUrl],
  ])
  try {
    await promisify(execFile)(file, args).catch(({ stderr }: { stderr: string }) => {
      throw new Error(`pgbench: ${stderr.split('\n', 1)[0]}`)
    })
    return { eachMs: await latencies(folder), tookMs: seconds * 1_000 }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** A line for each transaction: client, number, µs, script, second, µs of it. */
async function latencies(folder: string): Promise<number[]> {
  const files = await readdir(folder)
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => Number(line.split(' ')[2]) / 1_000),
  )
}
