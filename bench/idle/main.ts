import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { rounded } from '../measure/numbers.ts'
import { production } from '../measure/production.ts'
import { keepResult } from '../measure/result.ts'
import { type Crowd, startCrowd } from '../sockets/crowd.ts'
import { bareServer, ourServer, type SocketServer } from '../sockets/servers.ts'

/**
 * `npm run bench -- idle [--sockets 20000 --seconds 15]`: what sockets cost that do nothing but answer pings, on the whole platform,
 * beside a bare `ws` server with as many. `--only meydan` measures one server and keeps no result; `--profiles FOLDER` keeps profiles of
 * the platform there.
 */
const { values } = parseArgs({
  options: {
    sockets: { type: 'string', default: '20000' },
    /** A heartbeat. */
    seconds: { type: 'string', default: '15' },
    only: { type: 'string' },
    profiles: { type: 'string' },
  },
})
const asked = Number(values.sockets)
const idleMs = Number(values.seconds) * 1_000
/** DESIGN §9. */
const BUDGET = { sockets: 20_000, bytesMax: 2 ** 30 }
const IN_FLIGHT = 128
/** After the last welcome: timers of the greeting have run, buffers of the handshake are garbage. */
const SETTLE_MS = 6_000
/** Files that a server opens besides its sockets once it has some. */
const FILES_SPARE = 60
const MIB = 2 ** 20

const CONTESTANTS = ['meydan', 'meydan-anonymous', 'ws'] as const
type Contestant = (typeof CONTESTANTS)[number]
const say = (line: string): void => void process.stdout.write(`${line}\n`)

const inProduction = await production()
const profileFlags = values.profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${values.profiles}`]
const START: { readonly [name in Contestant]: () => Promise<SocketServer> } = {
  meydan: () => ourServer(inProduction.settings, profileFlags),
  'meydan-anonymous': () => ourServer(inProduction.settings, profileFlags),
  ws: () => bareServer(),
}

/** As many as asked for, unless the system lets a process open fewer files. */
async function socketsFor(server: SocketServer): Promise<number> {
  const { openFiles, openFilesMax } = await server.state()
  const room = openFilesMax === null ? asked : openFilesMax - openFiles - FILES_SPARE
  if (room >= asked) return asked
  say(
    `  this system lets a process open ${openFilesMax} files, which is ${room} sockets: measuring with those.\n` +
      '  For all of them raise the hard limit first (`ulimit -Hn 1048576`, LimitNOFILE= of systemd, --ulimit nofile= of docker).',
  )
  return room
}

async function assertAllOpen(crowd: Crowd, sockets: number, when: string): Promise<number> {
  const { open, gone, pings } = await crowd.count()
  if (open !== sockets) throw new Error(`${sockets - open} of ${sockets} sockets were lost ${when}: ${gone.join('; ')}`)
  return pings
}

async function measure(contestant: Contestant) {
  say(`\n${contestant}`)
  const server = await START[contestant]()
  const crowd = startCrowd(asked)
  try {
    const sockets = await socketsFor(server)
    const before = await server.state('collect')
    const keys = contestant === 'meydan' ? inProduction.keys : null
    const opened = await crowd.open({
      port: server.port,
      count: sockets,
      inFlight: IN_FLIGHT,
      keys,
      first: 0,
      keep: true,
    })
    say(`  ${sockets} sockets open after ${rounded(opened.tookMs / 1_000, 1)} s`)
    await delay(SETTLE_MS)
    const pingsBefore = await assertAllOpen(crowd, sockets, 'while they settled')
    const settled = await server.state()
    await delay(idleMs)
    const idle = await server.state()
    const pings = (await assertAllOpen(crowd, sockets, 'while they idled')) - pingsBefore
    const collected = await server.state('collect')
    const each = (bytes: number): number => Math.round(bytes / sockets)
    const result = {
      contestant,
      sockets,
      rssBeforeMib: rounded(before.rssBytes / MIB, 1),
      rssSettledMib: rounded(settled.rssBytes / MIB, 1),
      /** At the end of the idle time, as the platform's own garbage collection left it. */
      rssIdleMib: rounded(idle.rssBytes / MIB, 1),
      rssCollectedMib: rounded(collected.rssBytes / MIB, 1),
      bytesPerSocket: each(idle.rssBytes - before.rssBytes),
      bytesPerSocketCollected: each(collected.rssBytes - before.rssBytes),
      heapBytesPerSocket: each(collected.heapUsedBytes - before.heapUsedBytes),
      cpuShare: rounded((idle.cpuUs - settled.cpuUs) / (idleMs * 1_000), 4),
      pingsPerSocket: rounded(pings / sockets),
      loopDelayMaxMs: rounded(idle.loopDelayMaxMs, 1),
    }
    say(
      `  ${result.rssBeforeMib} MiB without, ${result.rssIdleMib} MiB with them (${result.rssCollectedMib} MiB after a collection): ` +
        `${result.bytesPerSocket} bytes each, ${result.bytesPerSocketCollected} after a collection, ${result.heapBytesPerSocket} of them on the heap`,
    )
    say(
      `  idle for ${idleMs / 1_000} s: ${rounded(result.cpuShare * 100)} % of a core, the loop at most ${result.loopDelayMaxMs} ms late, ` +
        `${result.pingsPerSocket} pings each`,
    )
    return result
  } finally {
    await crowd.stop()
    await server.stop()
  }
}

/** The memory of a process with as many sockets as the budget names. */
function bytesAtBudget({ rssBeforeMib, bytesPerSocket }: Awaited<ReturnType<typeof measure>>): number {
  return rssBeforeMib * MIB + bytesPerSocket * BUDGET.sockets
}

try {
  const results = []
  for (const contestant of CONTESTANTS) {
    if (values.only === undefined || values.only === contestant) results.push(await measure(contestant))
  }
  const ours = results.find(({ contestant }) => contestant === 'meydan')
  if (ours && values.only === undefined && values.profiles === undefined) {
    const mibAtBudget = rounded(bytesAtBudget(ours) / MIB, 1)
    const withinBudget = bytesAtBudget(ours) <= BUDGET.bytesMax
    say(`\n${BUDGET.sockets} players' sockets: ${mibAtBudget} MiB; the budget is ${BUDGET.bytesMax / MIB} MiB`)
    await keepResult('idle', ['ws', 'fastify'], { asked, idleMs, budget: BUDGET, withinBudget, mibAtBudget, results })
    if (!withinBudget) process.exitCode = 1
  }
} finally {
  await inProduction.remove()
}
