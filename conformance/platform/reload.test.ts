import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
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

const starts = (): number => output.split('Meydan is ready').length - 1

async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(folder, file)
  await writeFile(path, change(await readFile(path, 'utf8')))
}

test('STYLE 15 `npm run dev` starts anew on a change anywhere, waits out a mistake, keeps the data and ends cleanly', async () => {
  await expect.poll(starts, WAIT).toBe(1)
  const client = createClient({ url })
  await client.guest({ displayName: 'Maker' })

  await edit('contracts/players/index.ts', (text) => text.replace("The caller's profile", 'What I look like'))
  await expect.poll(starts, WAIT).toBe(2)
  expect(await (await fetch(`${url}/openapi.json`)).text()).toContain('What I look like')

  const rules = await readFile(join(folder, 'services/players/rules.ts'), 'utf8')
  await edit('services/players/rules.ts', (text) => `${text}\nconst unfinished = (`)
  await expect.poll(() => output, WAIT).toContain('Waiting for file changes')
  await edit('services/players/rules.ts', () => rules)
  await expect.poll(starts, WAIT).toBe(3)
  expect((await client.call.players.me({})).displayName).toBe('Maker')

  dev.kill('SIGINT')
  await once(dev, 'exit')
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'args'])
  expect(stdout).not.toContain(folder)
  await expect(fetch(`${url}/livez`)).rejects.toThrow()
}, 90_000)
