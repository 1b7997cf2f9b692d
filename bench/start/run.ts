import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const READY_MS_MAX = 60_000

/** What `npm start` goes through, and the line at which each part is over. A part that does not happen takes no time. */
const PARTS = [
  { part: 'npm and its checks', over: /> node apps\/platform\/main\.ts start/ },
  { part: 'loading the code', over: /… / },
  { part: 'making the database', over: /… starting the database/ },
  { part: 'starting the database', over: /open part=postgres$/ },
  { part: 'migrations and services', over: /open part=services/ },
  { part: 'events and doors', over: /Meydan is ready/ },
] as const
export type Part = (typeof PARTS)[number]['part']
export const PART_NAMES = PARTS.map(({ part }) => part)

export interface Started {
  readonly totalMs: number
  readonly partsMs: { readonly [part in Part]: number }
}

/** What has to be done once before anything can be measured: packages installed, page built. Throws with what to do when it fails. */
export function prepare(): void {
  const done = spawnSync(process.execPath, ['tools/setup.mjs', '--web'], { cwd: ROOT, stdio: 'inherit' })
  if (done.status !== 0) throw new Error('the platform could not be made ready to start; see above')
}

/** `npm start` with `data`, until it says that it is ready; then it is stopped. */
export async function startOnce(data: string, port: number): Promise<Started> {
  const startMs = performance.now()
  const child = spawn('npm', ['start'], {
    cwd: ROOT,
    // The lines that part the time are of the level debug.
    env: { ...process.env, MEYDAN_DATA: data, MEYDAN_PORT: String(port), MEYDAN_LOG: 'debug' },
    stdio: ['ignore', 'pipe', 'inherit'],
    // npm, its shell and the platform are stopped together.
    detached: true,
  })
  const timer = setTimeout(() => end(child, 'SIGKILL'), READY_MS_MAX)
  try {
    return await read(child, startMs)
  } finally {
    clearTimeout(timer)
    const exited = child.exitCode === null ? once(child, 'exit') : undefined
    end(child, 'SIGTERM')
    await exited
  }
}

async function read(child: ChildProcess, startMs: number): Promise<Started> {
  if (!child.stdout) throw new Error('npm start says nothing')
  const partsMs = Object.fromEntries(PART_NAMES.map((part) => [part, 0])) as { [part in Part]: number }
  let at = 0
  let lastMs = startMs
  for await (const line of createInterface({ input: child.stdout })) {
    const nowMs = performance.now()
    const text = stripVTControlCharacters(line)
    // One line may end two parts: where there is a database, none is made.
    for (let ending = PARTS[at]; ending?.over.test(text); ending = PARTS[++at]) {
      partsMs[ending.part] = nowMs - lastMs
      lastMs = nowMs
    }
    if (at === PARTS.length) return { totalMs: nowMs - startMs, partsMs }
  }
  throw new Error('npm start ended before it was ready')
}

function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined || child.exitCode !== null) return
  process.kill(-child.pid, signal)
}
