import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const READY_MS_MAX = 30_000
const STOP_MS_MAX = 20_000

/** A real platform in a process of its own, with a data folder of its own. */
export interface RunningPlatform {
  readonly url: string
  readonly process: ChildProcess
  /** Everything it has printed so far. */
  output(): string
  /** As Ctrl-C does; gives the exit code. */
  stop(): Promise<number | null>
}

/** Ports that were free a moment ago, each another one. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'))
  await Promise.all(servers.map((server) => once(server, 'listening')))
  const addresses = servers.map((server) => server.address())
  for (const server of servers) server.close()
  return addresses.map((address) => {
    if (address === null || typeof address === 'string') throw new Error('no port')
    return address.port
  })
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const [port = 0] = await freePorts(1)
  return port
}

/** A file of secrets in the folder, for processes that share them; gives its path. */
export async function writeSecrets(folder: string): Promise<string> {
  const path = join(folder, 'secrets.json')
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'secrets'])
  await writeFile(path, stdout, { mode: 0o600 })
  return path
}

/**
 * Starts `meydan start` with these settings, and resolves when `/readyz` says so. Without `MEYDAN_DATA` the data is thrown away.
 * `main` is the platform's entry where it is not this repository's; `readyMsMax` is how long it may take, 30 s unless given.
 */
export async function startPlatform(
  settings: Readonly<Record<string, string>> = {},
  { main = MAIN, readyMsMax = READY_MS_MAX }: { main?: string; readyMsMax?: number } = {},
): Promise<RunningPlatform> {
  const port = settings.MEYDAN_PORT ?? String(await freePort())
  const throwaway = settings.MEYDAN_DATA === undefined ? await mkdtemp(join(tmpdir(), 'meydan-platform-')) : undefined
  const env = {
    ...process.env,
    MEYDAN_PORT: port,
    MEYDAN_DATA: throwaway ?? settings.MEYDAN_DATA,
    MEYDAN_LOG: 'warn',
    ...settings,
  }
  const child = spawn(process.execPath, [main, 'start'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = once(child, 'exit')
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<number | null> => {
    if (child.exitCode === null) child.kill('SIGINT')
    const late = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX)
    await exited
    clearTimeout(late)
    if (throwaway) await rm(throwaway, { recursive: true, force: true })
    return child.exitCode
  }
  try {
    await ready(url, child, () => output, readyMsMax)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, process: child, output: () => output, stop }
}

async function ready(url: string, child: ChildProcess, output: () => string, withinMs: number): Promise<void> {
  const untilMs = performance.now() + withinMs
  while (performance.now() < untilMs) {
    if (child.exitCode !== null) throw new Error(`the platform ended before it was ready:\n${output()}`)
    const answer = await asked(`${url}/readyz`)
    if (answer?.ok) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the platform was not ready in time:\n${output()}`)
}

/** Undefined while nobody answers. */
async function asked(url: string): Promise<Response | undefined> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(1_000) })
  } catch (error) {
    if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')) return undefined
    throw error
  }
}
