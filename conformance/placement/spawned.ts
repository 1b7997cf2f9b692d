import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A second process of the operating system, and where its mesh server listens. */
export interface Spawned {
  readonly child: ChildProcess
  readonly url: string
}

/** Runs an entry file with its settings; resolves when it says where it listens. */
export async function spawnProcess(entry: URL, settings: object): Promise<Spawned> {
  const child = spawn(process.execPath, [fileURLToPath(entry)], {
    env: { ...process.env, PLACEMENT: JSON.stringify(settings) },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const [url] = await Promise.race([
    once(lines, 'line'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`${entry.pathname} ended with ${code} before it listened`)
    }),
  ])
  return { child, url: String(url) }
}

/** SIGKILL; resolves when it is gone. */
export async function killed({ child }: Spawned): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGKILL')
  await gone
}

/** The other side of it: says where this process listens, and stops it when the test that spawned it goes away. */
export function serveUntilOrphaned(running: { readonly url: string; stop(): Promise<void> }): void {
  process.stdout.write(`${running.url}\n`)
  process.stdin.once('end', () => void running.stop())
  process.stdin.resume()
}

/** What `spawnProcess` was given. The two files of one pair agree on its shape. */
export function givenSettings<T>(): T {
  const { PLACEMENT = '{}' } = process.env
  const settings: T = JSON.parse(PLACEMENT)
  return settings
}
