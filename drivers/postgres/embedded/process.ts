import { execFile } from 'node:child_process'
import { readFile, readlink, realpath } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const POLL_MS = 10

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives, as somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** Tells a process from a later one with the same number: when it began, and since which boot. Undefined: no such process. */
export async function processStamp(pid: number): Promise<string | undefined> {
  if (!isAlive(pid)) return undefined
  if (process.platform !== 'linux') return (await ps(pid, 'lstart='))?.trim()
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ])
    // The second field is the name in parentheses and may hold spaces; the 22nd is the start time in clock ticks.
    const start = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return `${boot.trim()} ${start}`
  } catch {
    // It ended while we were looking.
    return undefined
  }
}

/** Whether the process is a Postgres server of this data folder, and not another that came by the same number. */
export async function servesData(pid: number, data: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return ((await ps(pid, 'command=')) ?? '').includes(data)
  try {
    // A Postgres server's working directory is its data folder.
    return (await readlink(`/proc/${pid}/cwd`)) === (await realpath(data))
  } catch {
    return false
  }
}

async function ps(pid: number, column: string): Promise<string | undefined> {
  try {
    return (await run('ps', ['-o', column, '-p', String(pid)])).stdout
  } catch {
    return undefined
  }
}

/** True once the process is gone, false when it is still there after `withinMs`. */
export async function gone(pid: number, withinMs: number): Promise<boolean> {
  const untilMs = performance.now() + withinMs
  while (isAlive(pid)) {
    if (performance.now() > untilMs) return false
    await delay(POLL_MS)
  }
  return true
}

const FAST_STOP_MS = 4_000
const QUICK_STOP_MS = 2_000

/** Stops a Postgres server: open transactions are rolled back; one that hangs is made to stop and recovers at its next start. */
export async function stopServer(pid: number): Promise<void> {
  signal(pid, 'SIGINT')
  if (await gone(pid, FAST_STOP_MS)) return
  signal(pid, 'SIGQUIT')
  if (await gone(pid, QUICK_STOP_MS)) return
  signal(pid, 'SIGKILL')
  await gone(pid, QUICK_STOP_MS)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
