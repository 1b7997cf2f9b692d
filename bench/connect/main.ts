import { parseArgs } from 'node:util'
import { median, percentile, rounded } from '../measure/numbers.ts'
import { production } from '../measure/production.ts'
import { keepResult } from '../measure/result.ts'
import { type Crowd, startCrowd } from '../sockets/crowd.ts'
import { bareServer, ourServer, type SocketServer } from '../sockets/servers.ts'

/**
 * `npm run bench -- connect [--sockets 4000 --rounds 3]`: connections a second from the first packet to the welcome, on the whole
 * platform with a player's token and without one, beside a bare `ws` upgrade that answers one message.
 */
const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '3' },
    'in-flight': { type: 'string', default: '64' },
    profiles: { type: 'string' },
  },
})
const [count, rounds, inFlight] = [Number(values.sockets), Number(values.rounds), Number(values['in-flight'])]
/** The platform keeps sessions for a resume after their sockets are gone, and no more than 100,000. */
const SESSIONS_MAX = 90_000
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const CONTESTANTS = ['meydan with a token', 'meydan without', 'ws'] as const
type Contestant = (typeof CONTESTANTS)[number]

interface Run {
  readonly perS: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Of the server's process, for one connection, welcome and parting included. */
  readonly cpuUs: number
  /** The part of its core that the server had: with much less than all of it, the clients or something else held it up. */
  readonly serverCore: number
  readonly loadCore: number
}

if (count * (rounds + 1) * 2 > SESSIONS_MAX) {
  throw new RangeError(`${rounds} rounds of ${count} sockets are more sessions than the platform keeps; ask for fewer`)
}
const inProduction = await production()
let first = 0

async function run(server: SocketServer, crowd: Crowd, contestant: Contestant): Promise<Run> {
  const keys = contestant === 'meydan with a token' ? inProduction.keys : null
  const before = await server.state()
  const {
    tookMs,
    welcomeMs,
    cpuUs: loadUs,
  } = await crowd.open({ port: server.port, count, inFlight, keys, first, keep: false })
  const after = await server.state()
  first += count
  const usedUs = after.cpuUs - before.cpuUs
  return {
    perS: Math.round(count / (tookMs / 1_000)),
    p50Ms: rounded(percentile(welcomeMs, 0.5)),
    p99Ms: rounded(percentile(welcomeMs, 0.99)),
    cpuUs: Math.round(usedUs / count),
    serverCore: rounded(usedUs / 1_000 / tookMs),
    loadCore: rounded(loadUs / 1_000 / tookMs),
  }
}

const line = (who: string, { perS, p50Ms, p99Ms, cpuUs, serverCore, loadCore }: Run): string =>
  `  ${who.padEnd(20)}${String(perS).padStart(6)} a second  p50 ${p50Ms} ms  p99 ${p99Ms} ms  ${cpuUs} µs of server each  ` +
  `(its core ${serverCore}, the load's ${loadCore})`

const flags = values.profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profiles}`]
const ours = await ourServer(inProduction.settings, flags)
const bare = await bareServer()
const crowd = startCrowd(1)
try {
  const servers = { 'meydan with a token': ours, 'meydan without': ours, ws: bare } as const
  const runs = new Map<Contestant, Run[]>(CONTESTANTS.map((contestant) => [contestant, []]))
  say(`warming up with ${count} connections each`)
  for (const contestant of CONTESTANTS) await run(servers[contestant], crowd, contestant)
  for (let round = 0; round < rounds; round++) {
    // Each round begins with another contestant, so that nobody always follows the same one.
    for (let turn = 0; turn < CONTESTANTS.length; turn++) {
      const contestant = CONTESTANTS[(round + turn) % CONTESTANTS.length] ?? 'ws'
      const ran = await run(servers[contestant], crowd, contestant)
      runs.get(contestant)?.push(ran)
      say(line(contestant, ran))
    }
  }
  say(`  medians of ${rounds}`)
  const results = CONTESTANTS.map((contestant) => {
    const of = (field: keyof Run): number => median((runs.get(contestant) ?? []).map((ran) => ran[field]))
    const middle = {
      perS: of('perS'),
      p50Ms: of('p50Ms'),
      p99Ms: of('p99Ms'),
      cpuUs: of('cpuUs'),
      serverCore: of('serverCore'),
      loadCore: of('loadCore'),
    }
    say(line(contestant, middle))
    return { contestant, ...middle }
  })
  if (values.profiles === undefined) {
    await keepResult('connect', ['ws', 'jose', 'fastify'], { count, rounds, inFlight, results })
  }
} finally {
  await crowd.stop()
  await bare.stop()
  await ours.stop()
  await inProduction.remove()
}
