import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { OperatorError } from '@meydan/kernel/config'
import { type RunningCluster, startCluster, type Voice } from './cluster.ts'
import { PORTS, portsOf } from './ports.ts'

const HELP = `
  npm run cluster -- [options]

    --port 4000            of nginx; the processes and the Redis take the ${PORTS - 1} ports after it
    --data .meydan/cluster what is kept from one start to the next
    --redis redis://…      a Redis to use instead of one of its own
    --kafka host:9092      brokers of a Kafka that carries events instead of Postgres
    --restart              starts processes that end again, as Kubernetes would

  Settings of the platform, such as MEYDAN_BOT_WAIT_MS=500, are for all its processes (npm run meydan -- --help).
`
const NAME_WIDTH = 11
const COLOURS = [36, 33, 35, 32, 34, 96, 95, 92] as const
/** npm passes a terminal's Ctrl-C on, so that two in a row are one wish; one that comes later means now. */
const ONE_WISH_MS = 500

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Each process's lines behind its name, in a colour of its own on a terminal. */
function voiceOf(isTerminal: boolean): Voice {
  let names = 0
  return {
    say,
    of(name) {
      const label = name.padEnd(NAME_WIDTH)
      const shown = isTerminal ? `\x1b[${COLOURS[names++ % COLOURS.length]}m${label}\x1b[0m` : label
      return (line) => say(`${shown} ${line}`)
    },
  }
}

function optionsOf(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      port: { type: 'string', default: '4000' },
      data: { type: 'string', default: '.meydan/cluster' },
      redis: { type: 'string' },
      kafka: { type: 'string' },
      restart: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port + PORTS > 65_536)
    throw new OperatorError(`--port ${values.port} should be a number from 1 to ${65_536 - PORTS}.`)
  return { ...values, ports: portsOf(Array.from({ length: PORTS }, (_, index) => port + index)) }
}

function banner({ url, redisUrl, members }: RunningCluster, tookS: string): string {
  const rows = [...members.values()].map(
    ({ role, url: at, pid }) => `  ${role.name.padEnd(NAME_WIDTH)}${at}/metrics   process ${pid}`,
  )
  const head = [`\n  The cluster is ready (${tookS} s)\n`, `  Play       ${url}/app/   through nginx`]
  const watching = `\n  Watch all of them: MEYDAN_REDIS_URL=${redisUrl} npm run meydan -- top`
  return [...head, ...rows, watching, '  Kill any of them and see what happens. Ctrl-C stops all.\n'].join('\n')
}

/** Resolves with the first Ctrl-C; one that comes later does `now`. */
function stopWish(wished: AbortController, now: () => void): void {
  let firstMs: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (firstMs === undefined) {
        firstMs = performance.now()
        say('\n  stopping … (Ctrl-C again: at once)')
        wished.abort()
      } else if (performance.now() - firstMs > ONE_WISH_MS) now()
    })
  }
}

async function main(): Promise<void> {
  const { ports, data, redis, kafka, restart, help } = optionsOf(process.argv.slice(2))
  if (help) return say(HELP)
  const beganMs = performance.now()
  const wished = new AbortController()
  const { signal } = wished
  let cluster: RunningCluster | undefined
  stopWish(wished, () => {
    cluster?.kill()
    say('  ended the processes at once')
  })
  try {
    cluster = await startCluster({
      ports,
      data: resolve(data),
      redisUrl: redis,
      kafkaBrokers: kafka,
      settings: operatorsOwn(),
      restart,
      voice: voiceOf(process.stdout.isTTY),
      signal,
    })
  } catch (error) {
    if (!signal.aborted) throw error
    return say('  stopped; nothing is left running.')
  }
  say(banner(cluster, ((performance.now() - beganMs) / 1_000).toFixed(1)))
  await new Promise((stop) => signal.addEventListener('abort', stop))
  await cluster.stop()
  say('  stopped; nothing is left running.')
}

/** What an operator set for all processes; seven that log every request could not be read. */
function operatorsOwn(): Record<string, string> {
  const own = Object.entries(process.env).filter(([name]) => name.startsWith('MEYDAN_'))
  return { MEYDAN_LOG: 'warn', ...Object.fromEntries(own.map(([name, value = '']) => [name, value])) }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof OperatorError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 1
}
