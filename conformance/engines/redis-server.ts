import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { freePort } from '@meydan/conformance/platform'

const REDIS_SERVER = process.env.REDIS_SERVER_PATH ?? 'redis-server'

export const hasRedis = (): boolean => spawnSync(REDIS_SERVER, ['--version']).status === 0

/** A Redis of the test's own, on loopback, that keeps nothing on disk. */
export interface RedisServer {
  readonly url: string
  readonly port: number
  /** As `kill -9` does: what it held is gone. */
  kill(): Promise<void>
  /** Again, empty, on the same port. */
  start(): Promise<void>
  /** It keeps its connections and answers nobody, until it is resumed. */
  pause(): void
  resume(): void
  /** One command, as `redis-cli` prints its answer. */
  ask(...command: readonly string[]): string
  /** Kills it and removes its folder. */
  close(): Promise<void>
}

/** Starts a server with more options of `redis.conf`, as `--name value`. Fails when Redis is not installed. */
export async function startRedis(options: readonly string[] = []): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'meydan-redis-'))
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...options]
  let child = await spawned(args)
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    async start() {
      child = await spawned(args)
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    ask(...command) {
      const { stdout, stderr, status } = spawnSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' })
      if (status !== 0) throw new Error(`redis-cli ${command.join(' ')}: ${stderr}`)
      return stdout.trim()
    },
    async close() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function spawned(args: readonly string[]): Promise<ChildProcessByStdio<null, Readable, null>> {
  const child = spawn(REDIS_SERVER, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  // The run of the tests does not wait for a server that nobody has closed.
  child.unref()
  const failed = once(child, 'error').then(([error]) => {
    throw new Error('redis-server cannot be started: run .ci/engines/install', { cause: error })
  })
  await Promise.race([readied(child.stdout), failed])
  // What it goes on printing is nobody's: unread, it would fill the pipe and hold the server up.
  child.stdout.resume()
  return child
}

async function readied(output: Readable): Promise<void> {
  const lines: string[] = []
  for await (const line of createInterface({ input: output })) {
    lines.push(line)
    if (line.includes('Ready to accept connections')) return
  }
  throw new Error(`redis-server ended:\n${lines.join('\n')}`)
}
