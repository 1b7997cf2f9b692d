import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { connectRedis, redisTopics } from '@meydan/drivers/redis'
import { systemClock as clock } from '@meydan/kernel/time'
import { CORES } from '../measure/child.ts'
import { median, rounded } from '../measure/numbers.ts'
import { type Production, production } from '../measure/production.ts'
import { playerIdOf } from '../sockets/tokens.ts'
import { type Cluster, startCluster } from './cluster.ts'
import { startPeople } from './crowd.ts'
import { cpuOf } from './reading.ts'
import { background, measuredSettings, member } from './shapes.ts'

/** Deliveries of topic events over Redis, at one gateway and at two: every socket has eight events before the next eight are published. */

const SOCKETS_EACH = 300
const BURST = 8
const TEXT = 'x'.repeat(100)
const RUN_MS = 3_000
const WARM_UP_MS = 2_000
const RUNS = 5
const PLAYER = 1

const SHAPES = [
  { gateways: 1, pinning: 'the gateway on core 0; Redis and the players on core 1' },
  { gateways: 2, pinning: 'one gateway on core 0, the other, Redis and the players on core 1' },
] as const

type Say = (line: string) => void

export async function measureTopics(say: Say) {
  const own = await production()
  try {
    const shapes = []
    for (const shape of SHAPES) {
      const found = await deliver(shape.gateways, own)
      say(
        `  ${shape.gateways} gateways: ${Math.round(found.perS)} deliveries a second, ${found.gatewayUs} µs of a gateway for one, ` +
          `${found.redisUsPerPublish} µs of Redis for an event  (${shape.pinning})`,
      )
      shapes.push({ ...shape, ...found })
    }
    return { socketsEach: SOCKETS_EACH, textBytes: TEXT.length, burst: BURST, runs: RUNS, shapes }
  } finally {
    await own.remove()
  }
}

async function deliver(gateways: number, own: Production) {
  const core = (index: number): number => (index === 0 ? CORES.server : CORES.load)
  const members = [
    ...background(CORES.load),
    ...Array.from({ length: gateways }, (_, index) => member(`gateway-${index + 1}`, 'gateway', core(index))),
  ]
  const cluster = await startCluster({ members, settings: measuredSettings(own), redis: true })
  const url = `redis://127.0.0.1:${cluster.redis?.port}`
  const redis = await connectRedis({ url, clock, log: quietLog, metrics: quietMetrics })
  const topics = redisTopics(redis)
  const people = startPeople()
  const sockets = gateways * SOCKETS_EACH
  let expected = 0
  const round = async (): Promise<void> => {
    expected += sockets * BURST
    const arrived = people.ask({ ask: 'expect', events: expected })
    for (let event = 0; event < BURST; event++)
      void topics.publish(`user:${playerIdOf(PLAYER)}`, 'NEWS', { text: TEXT })
    await arrived
  }
  const run = async (ms: number): Promise<Run> => {
    const [startMs, before] = [performance.now(), await cpuOf(cluster)]
    let rounds = 0
    for (; performance.now() - startMs < ms; rounds++) await round()
    const [seconds, after] = [(performance.now() - startMs) / 1_000, await cpuOf(cluster)]
    return { rounds, seconds, usedUs: (name) => (after[name] ?? 0) - (before[name] ?? 0) }
  }
  try {
    await people.ask({
      ask: 'crowd',
      ports: cluster.portsOf('gateway'),
      keys: own.keys,
      player: PLAYER,
      count: sockets,
    })
    await run(WARM_UP_MS)
    const runs: Run[] = []
    for (let index = 0; index < RUNS; index++) runs.push(await run(RUN_MS))
    return summary(runs, cluster, sockets)
  } finally {
    await people.stop()
    await redis.close()
    await cluster.stop()
  }
}

interface Run {
  readonly rounds: number
  readonly seconds: number
  readonly usedUs: (name: string) => number
}

function summary(runs: readonly Run[], { members }: Cluster, sockets: number) {
  const gateways = members.filter(({ name }) => name.startsWith('gateway'))
  const each = (figure: (run: Run) => number): number => median(runs.map(figure))
  const deliveries = ({ rounds }: Run): number => rounds * BURST * sockets
  const gatewayUs = (run: Run): number => gateways.reduce((sum, { name }) => sum + run.usedUs(name), 0)
  return {
    perS: Math.round(each((run) => deliveries(run) / run.seconds)),
    /** CPU time of a gateway for one delivery, and of Redis for one event to all of them. */
    gatewayUs: rounded(each((run) => gatewayUs(run) / deliveries(run))),
    redisUsPerPublish: rounded(
      each((run) => run.usedUs('redis') / (run.rounds * BURST)),
      1,
    ),
  }
}
