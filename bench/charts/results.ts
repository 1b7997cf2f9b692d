import { readFile } from 'node:fs/promises'
import { z } from 'zod'

/** The result files that the page is made from, as far as it reads them. */

const Kept = z.object({
  date: z.string(),
  machine: z.object({
    cpu: z.string(),
    cores: z.number(),
    memoryGib: z.number(),
    platform: z.string(),
    pinning: z.string(),
  }),
  versions: z.record(z.string(), z.string()),
})
export type Kept = z.infer<typeof Kept>

const Contestants = z.object({ meydan: z.number(), ws: z.number(), socketio: z.number() })
const RestRun = z.object({ perS: z.number(), p50Ms: z.number(), p99Ms: z.number(), cpuUs: z.number() })
const Verdict = z.boolean().nullable()
const Arena = z.object({
  rooms: z.number(),
  p99Ms: z.number(),
  missed: z.number(),
  bytesPerFrame: z.number(),
  bytesPerClientS: z.number(),
  cpuUsPerTick: z.number(),
})

const Counters = z.record(z.string(), z.number())
/** CPU time, commands, bytes and statements for one of something. */
const Shares = z.object({
  cpuUs: Counters,
  asked: Counters,
  commands: Counters,
  redis: Counters,
  postgres: Counters,
  lines: Counters,
})

/** How long something took. */
const Waits = z.object({ p50Ms: z.number(), p99Ms: z.number(), maxMs: z.number() })

export const SCHEMAS = {
  arena: Kept.extend({
    budgets: z.object({ rooms: z.number(), bytes: z.number() }),
    ratio: z.number().nullable(),
    bytesRatio: z.number().nullable(),
    withinBudget: z.object({ rooms: Verdict, bytes: Verdict }),
    contestants: z.array(Arena.partial().extend({ contestant: z.string(), what: z.string(), roomsMax: z.number() })),
    entities: z.array(z.object({ entities: z.number(), bytesRatio: z.number(), meydan: Arena, colyseus: Arena })),
  }),
  fanout: Kept.extend({
    settings: z.object({ sockets: z.number() }),
    budget: z.object({ ofWsMin: z.number(), ofSocketioMin: z.number(), met: z.boolean() }),
    results: z.array(
      z.object({
        textBytes: z.number(),
        burst: z.number(),
        perCpuSecond: Contestants,
        ofWs: z.number(),
        ofSocketio: z.number(),
      }),
    ),
  }),
  rest: Kept.extend({
    budget: z.number(),
    connections: z.number(),
    routes: z.array(
      z.object({
        route: z.string(),
        ratio: z.number(),
        ratioCpu: z.number(),
        withinBudget: Verdict,
        ours: RestRun,
        bare: RestRun,
      }),
    ),
  }),
  'match-start': Kept.extend({
    budgetMs: z.number(),
    withinBudget: z.boolean(),
    rounds: z.number(),
    p50Ms: z.number(),
    p90Ms: z.number(),
    p99Ms: z.number(),
    maxMs: z.number(),
  }),
  idle: Kept.extend({
    idleMs: z.number(),
    budget: z.object({ sockets: z.number(), bytesMax: z.number() }),
    withinBudget: z.boolean(),
    mibAtBudget: z.number(),
    results: z.array(
      z.object({
        contestant: z.enum(['meydan', 'meydan-anonymous', 'ws']),
        sockets: z.number(),
        rssBeforeMib: z.number(),
        rssIdleMib: z.number(),
        rssCollectedMib: z.number(),
        bytesPerSocket: z.number(),
        cpuShare: z.number(),
        loopDelayMaxMs: z.number(),
      }),
    ),
  }),
  connect: Kept.extend({
    count: z.number(),
    inFlight: z.number(),
    results: z.array(
      z.object({
        contestant: z.string(),
        perS: z.number(),
        p50Ms: z.number(),
        p99Ms: z.number(),
        cpuUs: z.number(),
        serverCore: z.number(),
        loadCore: z.number(),
      }),
    ),
  }),
  crash: Kept.extend({
    budget: z.object({ players: z.number(), p99Ms: z.number() }),
    withinBudget: z.boolean(),
    results: z.array(
      z.object({ players: z.number(), ticks: z.boolean(), bets: Waits, cashOuts: Waits, serverCore: z.number() }),
    ),
  }),
  rewards: Kept.extend({
    budget: z.object({ p99Ms: z.number() }),
    withinBudget: z.boolean(),
    fast: z.array(z.object({ type: z.string(), perS: z.number(), p50Ms: z.number(), p99Ms: z.number() })),
    inbox: z.object({ recipients: z.number(), tookS: z.number(), perS: z.number(), alone: Waits, beside: Waits }),
  }),
  ledger: Kept.extend({
    clients: z.number(),
    ratio: z.number(),
    withinBudget: Verdict,
    houseRatio: z.number(),
    contestants: z.array(
      z.object({
        contestant: z.string(),
        perS: z.number(),
        p50Ms: z.number(),
        p99Ms: z.number(),
        ownUs: z.number().nullable(),
        postgresUs: z.number().nullable(),
      }),
    ),
  }),
  accounts: Kept.extend({
    passwordHash: z.string(),
    nakama: z.object({
      source: z.string(),
      what: z.string(),
      'register device': z.number(),
      'log in device': z.number(),
    }),
    results: z.array(
      z.object({
        kind: z.string(),
        postgres: z.string(),
        perS: z.number(),
        p50Ms: z.number(),
        p99Ms: z.number(),
        platformUs: z.number(),
        postgresUs: z.number().nullable(),
        serverCore: z.number(),
      }),
    ),
  }),
  start: Kept.extend({
    runs: z.number(),
    budgetMs: z.number(),
    withinBudget: Verdict,
    results: z.array(
      z.object({
        what: z.string(),
        medianMs: z.number(),
        maxMs: z.number(),
        parts: z.array(z.object({ part: z.string(), ms: z.number() })),
      }),
    ),
  }),
  'scale-rooms': Kept.extend({
    inputEveryMs: z.number(),
    shapes: z.array(
      z.object({
        name: z.string(),
        pinning: z.string(),
        roomsClean: z.number(),
        reachedEnd: z.boolean(),
        rungs: z.array(
          z.object({
            rooms: z.number(),
            cleanPart: z.number(),
            missed: z.number(),
            cores: Counters,
            snapshotsPerS: z.number(),
            inputsPerS: z.number(),
          }),
        ),
      }),
    ),
  }),
  'scale-topics': Kept.extend({
    socketsEach: z.number(),
    textBytes: z.number(),
    burst: z.number(),
    shapes: z.array(
      z.object({
        gateways: z.number(),
        pinning: z.string(),
        perS: z.number(),
        gatewayUs: z.number(),
        redisUsPerPublish: z.number(),
      }),
    ),
  }),
  'scale-calls': Kept.extend({
    pinning: z.string(),
    atOnce: z.number(),
    figures: z.array(z.object({ what: z.string(), p50Us: z.number(), p99Us: z.number(), cpuUs: Counters })),
  }),
  'scale-players': Kept.extend({
    pinning: z.string(),
    inputEveryMs: z.number(),
    brief: z.boolean(),
    online: z.number(),
    rooms: z.number(),
    seats: z.number(),
    queued: z.number(),
    idle: Shares,
    playing: Shares,
    queueing: Shares,
    match: Shares,
    signUp: Shares,
    playersPerMatch: z.number(),
    look: z.object({ alone: Counters, perRoom: Counters }),
    playingNet: z.object({
      toClientBytes: z.number(),
      fromClientBytes: z.number(),
      snapshots: z.number(),
      inputs: z.number(),
    }),
  }),
} as const

export type ResultName = keyof typeof SCHEMAS
/** What has been measured so far. */
export type Results = { [name in ResultName]?: z.infer<(typeof SCHEMAS)[name]> | undefined }

/** A result that was measured by an older benchmark than the page is made by, or the other way about. */
export class UnreadableResult extends Error {}

const folder = new URL('../results/', import.meta.url)

/** Reads what there is. Throws UnreadableResult when a file does not have the fields that the page shows. */
export async function readResults(): Promise<Results> {
  const read = async <N extends ResultName>(name: N): Promise<z.infer<(typeof SCHEMAS)[N]> | undefined> => {
    const text = await textOf(name)
    if (text === undefined) return undefined
    const parsed = SCHEMAS[name].safeParse(JSON.parse(text))
    if (!parsed.success)
      throw new UnreadableResult(
        `bench/results/${name}.json is not what its chart reads (measure again): ${z.prettifyError(parsed.error)}`,
      )
    return parsed.data as z.infer<(typeof SCHEMAS)[N]>
  }
  return {
    arena: await read('arena'),
    fanout: await read('fanout'),
    rest: await read('rest'),
    'match-start': await read('match-start'),
    idle: await read('idle'),
    connect: await read('connect'),
    ledger: await read('ledger'),
    crash: await read('crash'),
    rewards: await read('rewards'),
    accounts: await read('accounts'),
    start: await read('start'),
    'scale-rooms': await read('scale-rooms'),
    'scale-topics': await read('scale-topics'),
    'scale-calls': await read('scale-calls'),
    'scale-players': await read('scale-players'),
  }
}

async function textOf(name: ResultName): Promise<string | undefined> {
  try {
    return await readFile(new URL(`${name}.json`, folder), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
