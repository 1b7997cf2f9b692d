import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playMatch } from '../deploy/play.ts'

/** `npm run cluster`, as somebody at a terminal has it. */

const MAIN = fileURLToPath(new URL('../../apps/cluster/main.ts', import.meta.url))
/** Seven processes and a database that is made anew, on two cores that others may use. */
const READY = { timeout: 60_000, interval: 100 }
/** The web entrance, seven processes and a Redis, in a row below the ports that connections get. */
const PORTS = 9
const portsFrom = (): number => 20_000 + 10 * Math.floor(Math.random() * 1_000)

let folder: string
let cluster: ChildProcess
let port: number
let output = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-command-'))
  port = portsFrom()
  const env = { ...process.env, MEYDAN_BOT_WAIT_MS: '200', MEYDAN_MATCH_MS: '3000' }
  cluster = spawn(process.execPath, [MAIN, '--port', String(port), '--data', folder], { env })
  cluster.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  cluster.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()))
})
afterAll(async () => {
  if (cluster.exitCode === null) cluster.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

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

test('C10 the cluster comes up, and matches are played through nginx', async () => {
  await expect.poll(() => output, READY).toContain('The cluster is ready')
  const url = `http://127.0.0.1:${port}`
  const matches = await Promise.all([playMatch(url), playMatch(url), playMatch(url)])
  expect(matches).toHaveLength(3)
}, 120_000)

test('C10 Ctrl-C stops all of it', async () => {
  const exited = once(cluster, 'exit')
  cluster.kill('SIGINT')
  expect(await exited).toEqual([0, null])
  expect(output).toContain('nothing is left running')
  const left = await Promise.all(Array.from({ length: PORTS }, (_, index) => answers(port + index)))
  expect(left).not.toContain(true)
}, 60_000)
