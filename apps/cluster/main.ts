import { execFile } from 'node:child_process'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { startEmbeddedPostgres } from '@meydan/drivers/postgres'
import { OperatorError } from '@meydan/kernel/config'
import { createLog } from '@meydan/kernel/telemetry'
import { type Child, startChild } from './child.ts'
import { startNginx, startRedis } from './engines.ts'
import { isGateway, MEMBERS, type Member, members } from './members.ts'

/**
 * `npm run cluster [-- --port 4000 --data .meydan/cluster --kafka host:9092]`: two gateways, two rooms, two services and one for jobs, with a
 * Postgres and a Redis of their own and nginx in front, on this machine. Ctrl-C stops all of it.
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    data: { type: 'string', default: '.meydan/cluster' },
    kafka: { type: 'string' },
  },
})
const MAIN = fileURLToPath(new URL('../platform/main.ts', import.meta.url))
const STOP_MS_MAX = 15_000
const READY_MS_MAX = 60_000
const LOOK_EVERY_MS = 100
const NAME_WIDTH = 11
const COLOURS = [36, 33, 35, 32, 34, 96, 95] as const

const beganMs = performance.now()
const data = resolve(values.data)
const port = Number(values.port)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const isTerminal = process.stdout.isTTY === true
let names = 0

/** What a process says to whoever started it alone. */
const BANNER = /^ {2}\S|^\s*$/

/** Prints a process's lines behind its name. */
function printer(name: string): (line: string) => void {
  const label = name.padEnd(NAME_WIDTH)
  const shown = isTerminal ? `\x1b[${COLOURS[names++ % COLOURS.length]}m${label}\x1b[0m` : label
  return (line) => {
    if (!BANNER.test(line)) say(`${shown} ${line}`)
  }
}

/** What was opened, to be closed in reverse. */
const closings: (() => Promise<void>)[] = []
let stopping: Promise<void> | undefined

function stop(): Promise<void> {
  stopping ??= (async () => {
    say('\n  stopping …')
    for (const close of closings.toReversed()) await close()
    say('  stopped; nothing is left running.')
  })()
  return stopping
}

const open = (child: Child): void => void closings.push(() => child.stop(STOP_MS_MAX))

async function secretsIn(folder: string): Promise<string> {
  const path = join(folder, 'secrets.json')
  if (await exists(path)) return path
  const { stdout } = await promisify(execFile)(process.execPath, [MAIN, 'secrets'])
  await writeFile(path, stdout, { mode: 0o600 })
  return path
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

async function startMember({ name, settings }: Member): Promise<void> {
  const print = printer(name)
  const env = { ...settings, MEYDAN_LOG: process.env.MEYDAN_LOG ?? 'warn' }
  const child = await startChild({ name, command: process.execPath, args: [MAIN, 'start'], env, onLine: print })
  open(child)
  child.process.once('exit', (code) => {
    if (!stopping) print(`ended with ${code}; start it again with the same settings, or stop the cluster`)
  })
  const untilMs = performance.now() + READY_MS_MAX
  while (!(await isReady(settings.MEYDAN_PORT ?? ''))) {
    if (child.process.exitCode !== null)
      throw new OperatorError(`${name} ended as it started; its lines above say why.`)
    if (performance.now() > untilMs) throw new OperatorError(`${name} was not ready within ${READY_MS_MAX / 1_000} s.`)
    await new Promise((again) => setTimeout(again, LOOK_EVERY_MS))
  }
  say(`  ✓ ${name}`)
}

async function isReady(at: string): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${at}/readyz`, { signal: AbortSignal.timeout(1_000) })).ok
  } catch {
    return false
  }
}

async function start(): Promise<void> {
  await mkdir(data, { recursive: true })
  const log = createLog({ level: 'warn', pretty: true, name: 'cluster' })
  say('  … Postgres and Redis')
  const ports = Array.from({ length: MEMBERS }, (_, index) => port + 1 + index)
  const redisPort = port + MEMBERS + 1
  const [postgres, redis, secrets] = await Promise.all([
    startEmbeddedPostgres({ dataDir: data, log }),
    startRedis(redisPort, join(data, 'redis'), () => undefined),
    secretsIn(data),
  ])
  closings.push(() => postgres.stop())
  open(redis)
  const stores = {
    postgresUrl: postgres.url,
    redisUrl: `redis://127.0.0.1:${redisPort}`,
    kafkaBrokers: values.kafka,
    secrets,
    data,
  }
  const all = members(stores, ports)
  say(`  … ${all.length} processes`)
  await Promise.all(all.map(startMember))
  const gateways = all.flatMap((member, index) => (isGateway(member) ? [ports[index] ?? 0] : []))
  open(await startNginx(port, gateways, join(data, 'nginx'), printer('nginx')))
  const tookS = ((performance.now() - beganMs) / 1_000).toFixed(1)
  say(`\n  The cluster is ready (${tookS} s)\n\n  Play      http://127.0.0.1:${port}/app/   through nginx`)
  say(all.map(({ name }, index) => `  ${name.padEnd(NAME_WIDTH)}http://127.0.0.1:${ports[index]}/metrics`).join('\n'))
  say('\n  Ctrl-C stops it.\n')
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void stop().then(() => process.exit(process.exitCode ?? 0)))
}
try {
  await start()
} catch (error) {
  if (!(error instanceof OperatorError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
  await stop()
}
