import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playMatch } from '../deploy/play.ts'

/** `npm run cluster`, as somebody at a terminal has it. */

const MAIN = fileURLToPath(new URL('../../apps/cluster/main.ts', import.meta.url))
/** Seven processes and a database that is made anew, on two cores that others may use. */
const READY = { timeout: 60_000, interval: 100 }
/** The web entrance, seven processes and a Redis, in a row below the ports that connections get. */
const PORTS = 9
const portsFrom = (): number => 20_000 + 10 * Math.floor(Math.random() * 1_000)

interface Command {
  readonly process: ChildProcess
  readonly exited: Promise<unknown[]>
  /** All that it has printed. */
  output(): string
}

let folder: string
let cluster: Command
let port: number

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-command-'))
  port = portsFrom()
  cluster = run()
})
afterAll(async () => {
  if (cluster.process.exitCode === null) cluster.process.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** The command as it is typed, with more on the line. */
function run(more: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Command {
  const child = spawn(process.execPath, [MAIN, '--port', String(port), '--data', folder, ...more], {
    env: { ...process.env, MEYDAN_BOT_WAIT_MS: '200', MEYDAN_MATCH_MS: '3000', ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  return { process: child, exited: once(child, 'exit'), output: () => output }
}

function answers(at: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(at, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

const anyAnswers = async (): Promise<boolean> =>
  (await Promise.all(Array.from({ length: PORTS }, (_, index) => answers(port + index)))).includes(true)

const account = { type: 'password', username: 'ada', password: 'a long enough one' } as const

test('C10 the cluster comes up, says who is ready, and matches are played through nginx', async () => {
  await expect.poll(cluster.output, READY).toContain('The cluster is ready')
  for (const name of ['gateway-1', 'rooms-2', 'jobs-1']) expect(cluster.output()).toContain(`✓ ${name}`)
  const url = `http://127.0.0.1:${port}`
  const matches = await Promise.all([playMatch(url), playMatch(url), playMatch(url)])
  expect(matches).toHaveLength(3)
  await createClient({ url }).register(account, 'Ada')
}, 120_000)

test('C10 what cannot work is said before anything starts: a port that is taken, an engine or a Kafka that is away', async () => {
  const said = async (more: readonly string[], env?: Readonly<Record<string, string>>): Promise<string> => {
    const refused = run(more, env)
    expect(await refused.exited).toEqual([1, null])
    return refused.output()
  }
  expect(await said([])).toContain(`${port} (of nginx), ${port + 1} (of services-1)`)
  expect(await said([], { PATH: '/nowhere' })).toMatch(/(nginx|redis-server) is not on this machine: install it/)
  expect(await said(['--kafka', '127.0.0.1:1'])).toContain('No Kafka answers at 127.0.0.1:1')
  expect(await said(['--port', 'x'])).toContain('--port x should be a number')
}, 60_000)

test('C10 a process that is killed is told of, with the command that starts it again', async () => {
  const [, pid] = /rooms-1 .* process (\d+)/.exec(cluster.output()) ?? []
  process.kill(Number(pid), 'SIGKILL')
  const told = /rooms-1 +ended \(SIGKILL\); this starts it again: npx node (\S+) (\S+) start/
  await expect.poll(cluster.output, READY).toMatch(told)
  const [, settings = '', main = ''] = told.exec(cluster.output()) ?? []
  const again = spawn(process.execPath, [settings, main, 'start'], { stdio: 'ignore' })
  const exited = once(again, 'exit')
  try {
    const isReady = () =>
      fetch(`http://127.0.0.1:${port + 4}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    await expect.poll(isReady, READY).toBe(true)
  } finally {
    again.kill('SIGINT')
    await exited
  }
}, 120_000)

test('C10 Ctrl-C stops all of it', async () => {
  cluster.process.kill('SIGINT')
  expect(await cluster.exited).toEqual([0, null])
  expect(cluster.output()).toContain('nothing is left running')
  expect(await anyAnswers()).toBe(false)
}, 60_000)

test('C10 a second start has what the first one kept, and one with --restart brings back who was killed', async () => {
  cluster = run(['--restart'])
  await expect.poll(cluster.output, READY).toContain('The cluster is ready')
  await createClient({ url: `http://127.0.0.1:${port}` }).login(account)
  const [, pid] = /gateway-1 .* process (\d+)/.exec(cluster.output()) ?? []
  process.kill(Number(pid), 'SIGKILL')
  await expect.poll(cluster.output, READY).toMatch(/gateway-1 +is back \(process \d+\)/)
}, 120_000)

test('C10 a second Ctrl-C does not wait for who hangs', async () => {
  const [, pid] = /rooms-2 .* process (\d+)/.exec(cluster.output()) ?? []
  process.kill(Number(pid), 'SIGSTOP')
  cluster.process.kill('SIGINT')
  await expect.poll(cluster.output, READY).toContain('stopping')
  const atOnce = async (): Promise<string> => {
    cluster.process.kill('SIGINT')
    return cluster.output()
  }
  await expect.poll(atOnce, READY).toContain('ended the processes at once')
  expect(await cluster.exited).toEqual([0, null])
  expect(await anyAnswers()).toBe(false)
}, 60_000)
