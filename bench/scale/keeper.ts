import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { connectPostgres, startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'
import { pinned, serveParent } from '../measure/child.ts'
import { freePort } from '../measure/port.ts'
import { ClusterAsked, type ClusterRunning, type Member, type RunningMember } from './messages.ts'

/**
 * Holds everything that a measured cluster consists of: Postgres, Redis and the platform's processes as `npm run meydan -- start` starts
 * them. Stops all of it when whoever measures is done, or has died: the processes themselves would run on.
 */
const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const READY_MS_MAX = 120_000
const LOOK_EVERY_MS = 50
/** Two cores and one Postgres are for all of them. */
const POOL = '8'

const log = createLog({ level: 'warn', pretty: true, name: 'bench' })
const folder = await mkdtemp(join(tmpdir(), 'meydan-bench-scale-'))
await chmod(folder, 0o755)
const closings: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })]

/** With its statements counted, which has to be said before it starts. It flushes to disk as in earnest. */
async function startPostgres(): Promise<string> {
  const dataDir = join(folder, 'data')
  const first = await startEmbeddedPostgres({ dataDir, log })
  await onPostgres(first.url, `alter system set shared_preload_libraries = 'pg_stat_statements'`)
  await first.stop()
  const server = await startEmbeddedPostgres({ dataDir, log })
  closings.push(() => server.stop())
  await onPostgres(server.url, 'create extension pg_stat_statements')
  return server.url
}

async function onPostgres(url: string, statement: string): Promise<void> {
  const postgres = await connectPostgres({ url, poolMax: 1, log })
  try {
    await postgres.pool.query(statement)
  } finally {
    await postgres.close()
  }
}

async function startRedis(): Promise<{ pid: number; port: number }> {
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const child = spawn('redis-server', args, { stdio: ['ignore', 'ignore', 'inherit'] })
  const failed = once(child, 'error').then(([cause]) => {
    throw new Error('redis-server cannot be started: install it (apt-get install redis-server)', { cause })
  })
  await Promise.race([once(child, 'spawn'), failed])
  closings.push(() => stopped(child, 'SIGKILL'))
  await until(() => answers(port), child, 'redis-server')
  return { pid: child.pid ?? 0, port }
}

async function startMember(member: Member, settings: Readonly<Record<string, string>>): Promise<RunningMember> {
  const [port, meshPort] = [await freePort(), await freePort()]
  const { file, args } = pinned(member.core, [process.execPath, MAIN, 'start'])
  const env = {
    ...process.env,
    ...settings,
    MEYDAN_ROLES: member.roles,
    MEYDAN_PORT: String(port),
    // Of a gateway nobody asks anything over the mesh.
    ...(member.roles !== 'gateway' && { MEYDAN_MESH_PORT: String(meshPort) }),
    MEYDAN_DATA: join(folder, member.name),
    MEYDAN_LOG: 'warn',
    ...member.settings,
  }
  const child = spawn(file, args, { stdio: ['ignore', 'ignore', 'inherit'], env })
  closings.push(() => stopped(child, 'SIGTERM'))
  await until(() => isReady(port), child, member.name)
  return { name: member.name, pid: child.pid ?? 0, port, meshPort }
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

async function until(isSo: () => Promise<boolean>, child: ChildProcess, name: string): Promise<void> {
  const untilMs = performance.now() + READY_MS_MAX
  while (!(await isSo())) {
    if (child.exitCode !== null) throw new Error(`${name} ended before it was ready`)
    if (performance.now() > untilMs) throw new Error(`${name} was not ready within ${READY_MS_MAX} ms`)
    await delay(LOOK_EVERY_MS)
  }
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isThere = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return isThere
}

async function isReady(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/readyz`)).ok
  } catch (error) {
    // What `fetch` throws while nobody listens.
    if (error instanceof TypeError) return false
    throw error
  }
}

async function start(asked: ClusterAsked): Promise<ClusterRunning> {
  const [postgresUrl, redis] = await Promise.all([startPostgres(), asked.redis ? startRedis() : null])
  const settings = {
    MEYDAN_POSTGRES_URL: postgresUrl,
    MEYDAN_POSTGRES_POOL: POOL,
    ...(redis && { MEYDAN_REDIS_URL: `redis://127.0.0.1:${redis.port}` }),
    ...asked.settings,
  }
  const members: RunningMember[] = []
  for (const member of asked.members) members.push(await startMember(member, settings))
  return { members, postgresUrl, postgresParent: process.pid, redis }
}

let starting: Promise<ClusterRunning> | undefined

/** What is still starting is waited for: nobody else would ever stop it. */
async function stop(): Promise<void> {
  await starting?.catch(() => undefined)
  for (const close of closings.splice(0).toReversed()) await close()
}

serveParent(async (message) => {
  starting = start(ClusterAsked.parse(message))
  try {
    return await starting
  } catch (error) {
    await stop()
    throw error
  }
}, stop)
