import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { CORES, pinned, serveParent } from './child.ts'
import { freePort } from './port.ts'

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
/** Answers from inside of the platform's process how it is. */
const INSIDE = new URL('inside.ts', import.meta.url).href
const READY_MS_MAX = 60_000
const LOOK_EVERY_MS = 100

/**
 * Starts the whole platform as `npm start` does, with an embedded Postgres and a data folder of its own, on the server's
 * core, and stops it when whoever measures is done, or has died: the platform itself would run on.
 */
async function start() {
  const data = await mkdtemp(join(tmpdir(), 'meydan-bench-'))
  const port = await freePort()
  const flags = z.array(z.string()).parse(JSON.parse(process.argv[2] ?? '[]'))
  const node = [process.execPath, ...flags, '--expose-gc', `--import=${INSIDE}`]
  const command = pinned(CORES.server, [...node, MAIN, 'start'])
  const child = spawn(command.file, command.args, {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: { ...process.env, MEYDAN_DATA: data, MEYDAN_PORT: String(port), MEYDAN_LOG: 'warn' },
  })
  const exited = once(child, 'exit')
  const platform = {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid,
    async ask(message: unknown): Promise<unknown> {
      const answered = once(child, 'message')
      child.send(message as object)
      const [answer] = await answered
      return answer
    },
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

const starting = start()
/** `url` asks where the platform is; anything else is passed on to it. */
serveParent(
  async (message) => {
    const { url, pid, ask } = await starting
    return message === 'url' ? { url, pid } : ask(message)
  },
  async () => (await starting).stop(),
)
