import { type Child, CORES, startOn } from '../measure/child.ts'
import { rounded } from '../measure/numbers.ts'
import { processes } from '../measure/proc.ts'
import { type Production, production } from '../measure/production.ts'
import { LoadDone } from '../rest/messages.ts'
import { playerIdOf, tokenOf } from '../sockets/tokens.ts'
import { type CallsAsked, CallsDone, Where } from './call-messages.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { background, measuredSettings, member } from './shapes.ts'

/** What a call takes: here and over the mesh; one that only answers and one that asks Postgres and Redis; and REST, both ways. */

const PLAYER = 1
const WARM_UP = 4_000
const CALLS = 3_000
/** For CPU time: as many at once as keep both sides busy. */
const AT_ONCE = 16
const CALLS_AT_ONCE = 8_000

type Say = (line: string) => void

/** Makes so many calls, so many at once. */
type Calling = (calls: number, atOnce: number) => Promise<CallsDone>

interface Figures extends CallsDone {
  readonly what: string
  /** CPU time for one of `AT_ONCE` calls at once, of each process that has to do with answering it. */
  readonly cpuUs: Readonly<Record<string, number>>
}

export async function measureCalls(say: Say) {
  const own = await production()
  const keys = JSON.stringify(own.mesh)
  const start = (core: number): Child => startOn(core, new URL('caller.ts', import.meta.url), [keys])
  const [callee, caller] = [start(CORES.server), start(CORES.load)]
  const calls: Figures[] = []
  const measure = async (
    what: string,
    calling: Calling,
    answering: Readonly<Record<string, number>>,
  ): Promise<void> => {
    calls.push(await figuresOf(what, calling, answering))
    say(`  ${line(calls.at(-1))}`)
  }
  const asked = (child: Child, call: CallsAsked['call'], address: string | null): Calling => {
    return async (count, atOnce) =>
      CallsDone.parse(await child.ask({ call, address, playerId: playerIdOf(PLAYER), calls: count, atOnce }))
  }
  try {
    const { address } = Where.parse(await callee.ask('address'))
    const answering = { callee: callee.process.pid ?? 0 }
    await measure('a call that only answers, in the same process', asked(callee, 'echo', null), answering)
    await measure('a call that only answers, over the mesh', asked(caller, 'echo', address), answering)
    await withCluster(own, 'several', async (cluster) => {
      const services = cluster.member('services')
      const players = asked(caller, 'players.get', `http://127.0.0.1:${services.meshPort}`)
      await measure('a profile, over the mesh', players, pidsOf(cluster, ['services']))
      const rest = await restCalling(own, cluster.member('gateway-1').port)
      await measure(
        'a profile by REST: gateway, mesh, service',
        rest.calling,
        pidsOf(cluster, ['gateway-1', 'services']),
      )
      await rest.stop()
    })
    await withCluster(own, 'one', async (cluster) => {
      const rest = await restCalling(own, cluster.member('all').port)
      await measure('a profile by REST: one process', rest.calling, pidsOf(cluster, ['all']))
      await rest.stop()
    })
    const pinning = 'whoever answers on core 0; whoever asks, Postgres and Redis on core 1'
    return { pinning, calls: CALLS, atOnce: AT_ONCE, figures: calls }
  } finally {
    await caller.stop()
    await callee.stop()
    await own.remove()
  }
}

async function withCluster(own: Production, shape: 'one' | 'several', work: (cluster: Cluster) => Promise<void>) {
  const members =
    shape === 'one'
      ? [member('all', 'all')]
      : [...background(), member('rooms-1', 'rooms'), member('gateway-1', 'gateway')]
  const cluster = await startCluster({ members, settings: measuredSettings(own), redis: true })
  try {
    await makePlayer(own, cluster)
    await work(cluster)
  } finally {
    await cluster.stop()
  }
}

/** The profile that is asked for: a player's own, made at the first look. */
async function makePlayer(own: Production, cluster: Cluster): Promise<void> {
  const { port } = cluster.members.find(({ name }) => name === 'all') ?? cluster.member('gateway-1')
  const headers = { authorization: `Bearer ${await tokenOf(own.keys, PLAYER)}` }
  const answer = await fetch(`http://127.0.0.1:${port}/v1/players/me`, { headers })
  if (!answer.ok) throw new Error(`the player was not made: ${await answer.text()}`)
}

function pidsOf(cluster: Cluster, names: readonly string[]): Record<string, number> {
  const engines = cluster.redis ? { redis: cluster.redis.pid } : {}
  return { ...Object.fromEntries(names.map((name) => [name, cluster.member(name).pid])), ...engines }
}

async function restCalling(own: Production, port: number): Promise<{ calling: Calling; stop(): Promise<void> }> {
  const load = startOn(CORES.load, new URL('../rest/load.ts', import.meta.url), [])
  const token = await tokenOf(own.keys, PLAYER)
  const url = `http://127.0.0.1:${port}/v1/players/${playerIdOf(PLAYER)}`
  return {
    async calling(calls, atOnce) {
      const done = LoadDone.parse(await load.ask({ url, token, connections: atOnce, until: { requests: calls } }))
      return { p50Us: Math.round(done.p50Ms * 1_000), p99Us: Math.round(done.p99Ms * 1_000) }
    },
    stop: () => load.stop(),
  }
}

/** One at a time for how long it takes, many at once for what it costs. */
async function figuresOf(what: string, calling: Calling, pids: Readonly<Record<string, number>>): Promise<Figures> {
  await calling(WARM_UP, AT_ONCE)
  const took = await calling(CALLS, 1)
  const before = await usOf(pids)
  await calling(CALLS_AT_ONCE, AT_ONCE)
  const after = await usOf(pids)
  const cpuUs = Object.keys(pids).map((name) => [
    name,
    rounded(((after[name] ?? 0) - (before[name] ?? 0)) / CALLS_AT_ONCE, 1),
  ])
  return { what, ...took, cpuUs: Object.fromEntries(cpuUs) }
}

async function usOf(pids: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const all = await processes()
  const of = (wanted: number): number => all.find(({ pid }) => pid === wanted)?.ownUs ?? 0
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, of(pid)]))
}

function line(figures: Figures | undefined): string {
  if (!figures) return ''
  const cpu = Object.entries(figures.cpuUs).map(([name, us]) => `${name} ${us} µs`)
  return `${figures.what.padEnd(48)} p50 ${figures.p50Us} µs  p99 ${figures.p99Us} µs  CPU of one: ${cpu.join(', ')}`
}
