import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from './index.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
/** What the server is made of; the page is built elsewhere and by its own means. */
const PACKAGES = ['contracts', 'kernel', 'drivers', 'realtime', 'games', 'gateway', 'services', 'apps/platform']
const WAIT = { timeout: 30_000, interval: 50 }

let folder: string
let url: string
let dev: ChildProcess
let output = ''

/** A copy of the sources that finds the copies by their package names and everything else where it is installed. */
async function copySources(): Promise<void> {
  await mkdir(join(folder, 'node_modules/@meydan'), { recursive: true })
  for (const name of PACKAGES) {
    const copy = join(folder, name)
    await cp(join(ROOT, name), copy, { recursive: true, filter: (path) => !path.endsWith('node_modules') })
    await symlink(copy, join(folder, 'node_modules/@meydan', name.replace('apps/', '')))
  }
  for (const name of await readdir(join(ROOT, 'node_modules'))) {
    if (name !== '@meydan') await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
  }
}

/** The command behind `npm run dev`, without npm. */
async function devArguments(): Promise<string[]> {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
  const [command, ...args] = String(scripts.dev).split(' ')
  expect(command).toBe('node')
  return args
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-reload-'))
  // As root the database would else be kept elsewhere, and outlive the test.
  await chmod(folder, 0o755)
  await copySources()
  const port = String(await freePort())
  url = `http://127.0.0.1:${port}`
  const env = { ...process.env, MEYDAN_PORT: port, MEYDAN_DATA: join(folder, '.meydan'), MEYDAN_LOG: 'warn' }
  dev = spawn(process.execPath, await devArguments(), { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  dev.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  dev.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
})
afterAll(async () => {
  // It passes the signal on to the platform; killed outright it would leave that running.
  if (dev?.exitCode === null && dev.kill('SIGINT')) await once(dev, 'exit')
  await rm(folder, { recursive: true, force: true })
})

const restarts = (): number => output.split('Restarting ').length - 1

async function save(file: string, text: string): Promise<void> {
  const before = restarts()
  await writeFile(join(folder, file), text)
  await expect.poll(restarts, WAIT).toBeGreaterThan(before)
}

/** What the API page says; empty while nobody answers. */
async function apiPage(): Promise<string> {
  try {
    return await (await fetch(`${url}/openapi.json`)).text()
  } catch (error) {
    if (error instanceof TypeError) return ''
    throw error
  }
}

test('STYLE 15 `npm run dev` starts anew on a change anywhere, waits out a mistake, keeps the data and ends cleanly', async () => {
  await expect.poll(apiPage, WAIT).toContain("The caller's profile")
  const client = createClient({ url })
  await client.guest({ displayName: 'Maker' })

  const contract = await readFile(join(folder, 'contracts/players/index.ts'), 'utf8')
  await save('contracts/players/index.ts', contract.replace("The caller's profile", 'What I look like'))
  await expect.poll(apiPage, WAIT).toContain('What I look like')

  const rules = await readFile(join(folder, 'services/players/rules.ts'), 'utf8')
  // Whole folders are watched: what a process has imported is told too late, or never, when it fails at a syntax error.
  await save('services/players/rules.ts', `${rules}\nconst unfinished = (`)
  await expect.poll(() => output, WAIT).toContain('Waiting for file changes')
  await save('services/players/rules.ts', rules)
  await expect.poll(apiPage, WAIT).toContain('What I look like')
  expect((await client.call.players.me({})).displayName).toBe('Maker')

  await save('services/players/migrations/9999_gap.sql', 'select 1')
  await expect.poll(() => output, WAIT).toMatch(/meydan: .*9999_gap.sql: expected migration/)
  await rm(join(folder, 'services/players/migrations/9999_gap.sql'))
  await expect.poll(apiPage, WAIT).toContain('What I look like')

  dev.kill('SIGINT')
  await once(dev, 'exit')
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'args'])
  expect(stdout).not.toContain(folder)
  expect(await apiPage()).toBe('')
}, 120_000)
