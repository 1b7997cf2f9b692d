import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { OperatorError } from '@meydan/kernel/config'
import { z } from 'zod'
import { type Child, type StopSignal, startChild } from './child.ts'
import type { Role } from './roles.ts'

export const MAIN = fileURLToPath(new URL('../platform/main.ts', import.meta.url))
const READY_MS_MAX = 60_000
const LOOK_EVERY_MS = 100
const AGAIN_AFTER_MS = 1_000
/** What a process says to whoever started it alone: its banner, and what it is waiting for. */
const BANNER = /^ {2}\S|^\s*$/
const WAITING = /^ {2}… (.+)/

/** What `/readyz` says of each thing that a process needs. */
const Health = z.object({ checks: z.record(z.string(), z.string()) })

export interface MemberOptions {
  readonly role: Role
  readonly settings: Readonly<Record<string, string>>
  /** Each line that it logs, and what happens to it. */
  readonly print: (line: string) => void
  /** Whether one that ends unasked is started again. */
  readonly restart: boolean
}

/** One process of the cluster. */
export interface Member {
  readonly role: Role
  /** Where it answers `/readyz` and `/metrics`; of a gateway also everything else. */
  readonly url: string
  readonly settings: Readonly<Record<string, string>>
  readonly pid: number | undefined
  /** What it is at, or has not got yet; undefined once it is ready. */
  readonly waitsFor: string | undefined
  /** Starts it, or starts it again, and resolves when it is ready. Rejects with an OperatorError where it does not get there. */
  start(): Promise<void>
  /** As somebody at the machine may do to it. */
  kill(signal: NodeJS.Signals): void
  stop(by?: StopSignal): Promise<void>
}

export function memberOf({ role, settings, print, restart }: MemberOptions): Member {
  const url = `http://127.0.0.1:${settings.MEYDAN_PORT}`
  let child: Child | undefined
  let isWanted = false
  let waitsFor: string | undefined

  const hear = (line: string): void => {
    const [, what] = WAITING.exec(line) ?? []
    if (what !== undefined && waitsFor !== undefined) waitsFor = what
    if (!BANNER.test(line)) print(line)
  }
  const start = async (): Promise<void> => {
    isWanted = true
    waitsFor = 'starting'
    const again = await keepCommand(settings)
    const started = await startChild({
      command: process.execPath,
      args: [MAIN, 'start'],
      env: settings,
      onLine: hear,
      onEnd: (how) => ended(how, again),
    })
    child = started
    if (!isWanted) return started.stop()
    await ready(started)
    waitsFor = undefined
  }
  const ended = (how: number | string, again: string): void => {
    // One that is not ready yet is told of by whoever waits for it.
    if (waitsFor !== undefined) return
    print(`ended (${how}); ${restart ? 'starting it again' : `this starts it again: ${again}`}`)
    if (restart) setTimeout(startAgain, AGAIN_AFTER_MS)
  }
  const startAgain = (): void => {
    if (!isWanted) return
    start().then(
      () => print(`is back (process ${child?.process.pid})`),
      (error: unknown) => print(error instanceof Error ? error.message : String(error)),
    )
  }
  const ready = async (started: Child): Promise<void> => {
    const untilMs = performance.now() + READY_MS_MAX
    for (;;) {
      const missing = await missingOf(url)
      if (missing === undefined) return
      if (missing !== '') waitsFor = missing
      if (started.hasEnded()) throw new OperatorError(`${role.name} ended as it started; its lines above say why.`)
      if (performance.now() > untilMs)
        throw new OperatorError(
          `${role.name} was not ready within ${READY_MS_MAX / 1_000} s; it stayed at: ${waitsFor}.`,
        )
      await new Promise((look) => setTimeout(look, LOOK_EVERY_MS))
    }
  }
  return {
    role,
    url,
    settings,
    get pid() {
      return child?.process.pid
    },
    get waitsFor() {
      return waitsFor
    },
    start,
    kill: (signal) => void child?.process.kill(signal),
    async stop(by) {
      isWanted = false
      await child?.stop(by)
    },
  }
}

/** What the process says that it has not got; empty while nobody answers, undefined once it is ready. */
async function missingOf(url: string): Promise<string | undefined> {
  try {
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(LOOK_EVERY_MS * 10) })
    if (answer.ok) return undefined
    const { checks } = Health.parse(await answer.json())
    return Object.keys(checks)
      .filter((name) => checks[name] !== 'ok')
      .join(', ')
  } catch {
    return ''
  }
}

/** Leaves the settings in the process's folder, owner-only since there are passwords in them. Gives the command that starts it by them. */
async function keepCommand(settings: Readonly<Record<string, string>>): Promise<string> {
  const folder = settings.MEYDAN_DATA ?? '.'
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'settings.env')
  const lines = Object.entries(settings).map(([name, value]) => `${name}='${value}'\n`)
  await writeFile(file, lines.join(''), { mode: 0o600 })
  return `npx node --env-file=${relative('', file)} ${relative('', MAIN)} start`
}
