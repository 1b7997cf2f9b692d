import { parseArgs } from 'node:util'
import { ACCESS_TOKEN } from '@meydan/kernel/tokens'
import { generateIdentityKeys, publicKeys } from '@meydan/services/identity'
import { importJWK, SignJWT } from 'jose'
import { z } from 'zod'
import { type Child, CORES, startOn } from '../measure/child.ts'
import { median, rounded } from '../measure/numbers.ts'
import { keepResult } from '../measure/result.ts'
import { type LoadAsked, LoadDone, ServerState } from './messages.ts'

/**
 * `npm run bench -- rest [--rounds 5 --seconds 5]`: requests a second of one query through gateway, pipeline, handler and
 * store, beside a bare Fastify and Zod server that answers the same. `--route database` measures the routes with that in
 * their names and keeps no result; `--profiles FOLDER` keeps CPU profiles of both servers there.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    connections: { type: 'string', default: '64' },
    route: { type: 'string' },
    profiles: { type: 'string' },
  },
})
const [rounds, seconds, connections] = [Number(values.rounds), Number(values.seconds), Number(values.connections)]
/** So many, rather than so long: on a busy machine a few seconds would not be enough for the compiler. */
const WARM_UP_REQUESTS = 40_000
const TOKEN_LIVES = '1h'
/** DESIGN §9 */
const BUDGET = 0.7
/** With less of their core than this, two servers differ by what else the machine did: such a run is no verdict. */
const SERVER_CORE_MIN = 0.9
const PLAYER_ID = '81'

const routes = [
  { name: 'no database', path: `/v1/shelf/${PLAYER_ID}` },
  { name: 'one row of Postgres', path: `/v1/players/${PLAYER_ID}` },
].filter(({ name }) => values.route === undefined || name.includes(values.route))
type Route = (typeof routes)[number]

const say = (line: string): void => void process.stdout.write(`${line}\n`)

interface Run {
  readonly perS: number
  readonly p50Ms: number
  readonly p99Ms: number
  /** Time of the server's core for one request, µs: it holds still when the machine is busy with something else. */
  readonly cpuUs: number
  readonly serverCore: number
  readonly loadCore: number
}

const keys = await generateIdentityKeys()
const token = await new SignJWT({ sid: '82', roles: [] })
  .setProtectedHeader({ alg: ACCESS_TOKEN.alg, typ: ACCESS_TOKEN.typ, kid: keys.signing.kid })
  .setIssuer(ACCESS_TOKEN.issuer)
  .setSubject(PLAYER_ID)
  .setIssuedAt()
  .setExpirationTime(TOKEN_LIVES)
  .sign(await importJWK(keys.signing, ACCESS_TOKEN.alg))

const children: Child[] = []
const start = (core: number, script: string, ...args: string[]): Child => {
  const nodeFlags =
    values.profiles !== undefined && core === CORES.server
      ? ['--cpu-prof', `--cpu-prof-dir=${values.profiles}`, `--cpu-prof-name=${script}.cpuprofile`]
      : []
  const child = startOn(core, new URL(script, import.meta.url), args, { nodeFlags, env: { NODE_ENV: 'production' } })
  children.push(child)
  return child
}

async function measure(server: Child, load: Child, path: string, until: LoadAsked['until']): Promise<Run> {
  const before = ServerState.parse(await server.ask('cpu'))
  const ask: LoadAsked = { url: `${before.url}${path}`, token, connections, until }
  const { requests, corePart: loadCore, ...ran } = LoadDone.parse(await load.ask(ask))
  const after = ServerState.parse(await server.ask('cpu'))
  const usedUs = after.cpuUs.user + after.cpuUs.system - before.cpuUs.user - before.cpuUs.system
  return {
    ...ran,
    cpuUs: rounded(usedUs / requests, 1),
    serverCore: rounded(((usedUs / requests) * ran.perS) / 1e6),
    loadCore,
  }
}

const line = (who: string, run: Run): string =>
  `  ${who.padEnd(6)}${String(run.perS).padStart(7)} a second  p50 ${run.p50Ms} ms  p99 ${run.p99Ms} ms  ` +
  `${run.cpuUs} µs of server each  (server's core ${run.serverCore}, load's ${run.loadCore})`

function middle(runs: readonly Run[]): Run {
  const of = (field: keyof Run): number => median(runs.map((run) => run[field]))
  return {
    perS: of('perS'),
    p50Ms: of('p50Ms'),
    p99Ms: of('p99Ms'),
    cpuUs: of('cpuUs'),
    serverCore: of('serverCore'),
    loadCore: of('loadCore'),
  }
}

async function compare(route: Route, ours: Child, bare: Child, load: Child) {
  say(`\n${route.name}: GET ${route.path}`)
  const servers = [
    { who: 'ours', server: ours, runs: [] as Run[] },
    { who: 'bare', server: bare, runs: [] as Run[] },
  ] as const
  for (const { server } of servers) await measure(server, load, route.path, { requests: WARM_UP_REQUESTS })
  for (let round = 0; round < rounds; round++) {
    // Who goes first changes, so that a slow drift of the machine is shared.
    for (const { who, server, runs } of round % 2 === 0 ? servers : servers.toReversed()) {
      const run = await measure(server, load, route.path, { seconds })
      runs.push(run)
      say(line(who, run))
    }
  }
  const [us, them] = [middle(servers[0].runs), middle(servers[1].runs)]
  const ratio = rounded(us.perS / them.perS)
  const ratioCpu = rounded(them.cpuUs / us.cpuUs)
  say(`  medians of ${rounds}`)
  say(line('ours', us))
  say(line('bare', them))
  say(`  ours is ${ratio} of bare in requests a second, ${ratioCpu} by server time; the budget is ${BUDGET}`)
  const isFair = us.serverCore >= SERVER_CORE_MIN && them.serverCore >= SERVER_CORE_MIN
  if (!isFair) say('  no verdict: the servers did not have their core to themselves')
  const withinBudget = isFair ? ratio >= BUDGET : null
  return { route: route.name, path: route.path, ratio, ratioCpu, withinBudget, ours: us, bare: them }
}

try {
  const { postgresUrl } = z.object({ postgresUrl: z.string() }).parse(await start(CORES.load, 'database.ts').ask('url'))
  const setup = JSON.stringify({ postgresUrl, keys: publicKeys(keys) })
  const ours = start(CORES.server, 'ours.ts', setup)
  const bare = start(CORES.server, 'bare.ts', setup)
  const load = start(CORES.load, 'load.ts')
  // The first look at one's own profile makes it.
  const { url } = ServerState.parse(await ours.ask('url'))
  await fetch(`${url}/v1/players/me`, { headers: { authorization: `Bearer ${token}` } })

  const compared = []
  for (const route of routes) compared.push(await compare(route, ours, bare, load))
  if (values.route === undefined && values.profiles === undefined) {
    await keepResult('rest', ['fastify', 'zod', 'fastify-type-provider-zod', 'jose', 'pg', 'kysely', 'autocannon'], {
      budget: BUDGET,
      rounds,
      secondsEach: seconds,
      connections,
      routes: compared,
    })
  }
} finally {
  // The database was first, and goes last.
  for (const child of children.toReversed()) await child.stop()
}
