import { setTimeout as delay } from 'node:timers/promises'
import type { Random } from '@meydan/contracts/core'
import type { Engines } from './engines.ts'
import type { Installation, Member } from './installation.ts'

export interface Scene {
  readonly engines: Engines
  readonly installation: Installation
  readonly random: Random
  readonly kafkaAwayMs: number
}

/** What was done, now that it is over. */
export interface Struck {
  readonly what: string
  /** What did not hold while it lasted. */
  readonly broken?: readonly string[]
  /** Brings back what does not come back by itself. */
  restore?(): Promise<void>
}

type Strike = (scene: Scene) => Promise<Struck>

const STALL_MS = 10_000
const OUTAGE_MS_MIN = 500
const OUTAGE_MS_MAX = 1_500
const READY_ASK_MS = 500
const READY_MS_MAX = 3_000

export const FAULTS = {
  'kill-rooms': async (scene) => ended(await busiest(scene), 'SIGKILL'),
  async 'stall-rooms'(scene) {
    const member = await busiest(scene)
    await member.signal('SIGSTOP')
    await delay(STALL_MS)
    await member.signal('SIGCONT')
    return { what: `${member.name} stood still for ${STALL_MS / 1_000} s` }
  },
  'drain-rooms': async (scene) => ended(await busiest(scene), 'SIGTERM'),
  'kill-gateway': ({ installation, random }) => ended(oneOf(installation.gateways, random), 'SIGKILL'),
  async 'restart-redis'({ engines: { redis }, random }) {
    const awayMs = random.int(OUTAGE_MS_MIN, OUTAGE_MS_MAX)
    await redis.kill()
    await delay(awayMs)
    await redis.start()
    return { what: `away for ${awayMs} ms` }
  },
  async 'restart-postgres'({ engines, random }) {
    const awayMs = random.float() < 0.5 ? 0 : random.int(OUTAGE_MS_MIN, OUTAGE_MS_MAX)
    await engines.restartPostgres(awayMs)
    return { what: awayMs === 0 ? 'crashed' : `away for ${awayMs} ms` }
  },
  async 'kafka-away'({ engines: { kafka }, installation, kafkaAwayMs }) {
    await kafka.kill()
    const broken = await unreadyWithin(installation, kafkaAwayMs)
    await kafka.start()
    return { what: `away for ${kafkaAwayMs / 1_000} s`, broken }
  },
} satisfies Readonly<Record<string, Strike>>

export type FaultName = keyof typeof FAULTS
export const FAULT_NAMES = Object.keys(FAULTS) as FaultName[]

async function ended(member: Member, signal: 'SIGKILL' | 'SIGTERM'): Promise<Struck> {
  await member.signal(signal)
  return { what: `${member.name} got ${signal}`, restore: () => member.start() }
}

/** The process with the most rooms. */
async function busiest({ engines, installation }: Scene): Promise<Member> {
  const { rows } = await engines.postgres.pool.query<{ process: string }>(
    `select process from rooms.rooms where state = 'running' group by process order by count(*) desc limit 1`,
  )
  const found = installation.rooms.find(({ name }) => name === rows[0]?.process)
  if (!found) throw new Error('no room runs')
  return found
}

/** Asks everybody for so long whether they are ready, and gives what the first said who was not. */
async function unreadyWithin({ members }: Installation, ms: number): Promise<string[]> {
  const untilMs = performance.now() + ms
  const unready = new Set<string>()
  while (performance.now() < untilMs) {
    for (const { name, url } of members) {
      const { ok } = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(READY_MS_MAX) })
      if (!ok) unready.add(`${name} was not ready while Kafka was away`)
    }
    await delay(READY_ASK_MS)
  }
  return [...unready]
}

function oneOf<T>(list: readonly T[], random: Random): T {
  const one = list[random.int(0, list.length - 1)]
  if (one === undefined) throw new Error('there is none to choose from')
  return one
}
