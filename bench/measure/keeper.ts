import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CORES, pinned, serveParent } from './child.ts'

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const READY_MS_MAX = 60_000
const LOOK_EVERY_MS = 100

/**
 * Starts the whole platform as `npm start` does, with an embedded Postgres and a data folder of its own, on the server's
 * core, and stops it when whoever measures is done, or has died: the platform itself would run on.
 */
async function start(): Promise<{ url: string; stop(): Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'meydan-bench-'))
  const port = await freePort()
  const command = pinned(CORES.server, [process.execPath, MAIN, 'start'])
  const child = spawn(command.file, command.args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, MEYDAN_DATA: data, MEYDAN_PORT: String(port), MEYDAN_LOG: 'warn' },
  })
  const exited = once(child, 'exit')
  const platform = {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      child.kill('SIGTERM')
      await exited
      await rm(data, { recursive: true, force: true })
    },
  }
  const untilMs = performance.now() + READY_MS_MAX
  while (!(await isReady(platform.url))) {
    if (child.exitCode !== null) throw new Error('the platform ended before it was ready')
    if (performance.now() > untilMs) {
      await platform.stop()
      throw new Error(`the platform was not ready within ${READY_MS_MAX} ms`)
    }
    await delay(LOOK_EVERY_MS)
  }
  return platform
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok
  } catch (error) {
    // What `fetch` throws while nobody listens.
    if (error instanceof TypeError) return false
    throw error
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

const starting = start()
serveParent(
  async () => ({ url: (await starting).url }),
  async () => (await starting).stop(),
)
