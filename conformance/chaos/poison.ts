import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { TestDatabase } from '@meydan/conformance/harness'
import type { RunningPlatform } from '@meydan/conformance/platform'
import { createClient } from '@meydan/sdk'
import { expect } from 'vitest'
import { sumOf } from './series.ts'

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const WAIT = { timeout: 60_000, interval: 100 }
const COMMAND_MS_MAX = 120_000
const GROUP = 'players.make-profile'
/** Nobody else in the database is called so. */
const POISON = 'Poison'

/** What a command has said. */
export interface Told {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

export type Command = (args: readonly string[], settings?: Readonly<Record<string, string>>) => Promise<Told>

/** Runs `meydan …` as an operator does, with these settings. */
export function commandWith(settings: Readonly<Record<string, string>>): Command {
  return (args, more = {}) => {
    const options = { env: { ...process.env, ...settings, ...more }, timeout: COMMAND_MS_MAX }
    return new Promise((resolve) => {
      execFile(process.execPath, [MAIN, ...args], options, (error, stdout, stderr) =>
        resolve({ code: error?.code ?? 0, stdout, stderr }),
      )
    })
  }
}

export interface Poisoned {
  /** Of a gateway. */
  readonly url: string
  /** Hears the events. */
  readonly consuming: RunningPlatform
  readonly database: TestDatabase
  readonly meydan: Command
}

async function guest(url: string, displayName: string): Promise<string> {
  const client = createClient({ url })
  const { playerId } = await client.call.identity.guest({ displayName })
  client.close()
  return playerId
}

/**
 * An event that its consumer cannot handle: it is given up on with its error, what comes after it is handled meanwhile, and when the fault
 * is mended an operator has it handled too. For platforms with a small MEYDAN_EVENT_RETRIES.
 */
export async function outlivesPoison({ url, consuming, database, meydan }: Poisoned): Promise<void> {
  const { pool } = database.postgres
  const named = async (name: string): Promise<number> => {
    const { rowCount } = await pool.query('select 1 from players.profiles where display_name = $1', [name])
    return rowCount ?? 0
  }
  const handled = async (): Promise<number> => {
    const { rows } = await pool.query('select count(*)::int as n from players.applied_events where consumer = $1', [
      GROUP,
    ])
    return rows[0]?.n
  }
  await pool.query(`alter table players.profiles add constraint no_poison check (display_name <> '${POISON}')`)
  const playerId = await guest(url, POISON)
  const before = await handled()
  await guest(url, 'Healthy')
  await expect.poll(handled, WAIT).toBe(before + 1)
  await expect.poll(() => sumOf(consuming, `meydan_bus_dead_letters{group="${GROUP}"}`), WAIT).toBe(1)
  const { stdout } = await meydan(['events', 'dead', GROUP])
  expect(stdout).toMatch(new RegExp(`${GROUP}.*USER_CREATED key=${playerId}.*no_poison`))

  await pool.query('alter table players.profiles drop constraint no_poison')
  expect(await meydan(['events', 'redrive', GROUP])).toMatchObject({
    code: 0,
    stdout: `1 put back in line for ${GROUP}\n`,
  })
  await expect.poll(() => named(POISON), WAIT).toBe(1)
  expect((await meydan(['events', 'dead', GROUP])).stdout).toBe('0 dead letters\n')
}
