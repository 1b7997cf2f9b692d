import { type Results, type SCHEMAS, UnreadableResult } from '../charts/results.ts'
import { type Cost, type Costs, type Counted, ROLES, type Role } from './model.ts'

/** What one of everything costs, out of the results that are kept. */

type Of<N extends keyof typeof SCHEMAS> = NonNullable<Results[N]>
type Shares = Of<'scale-players'>['idle']

/** The processes of the benchmark, by role. */
const NAMES: { readonly [role in Role]: string } = {
  gateway: 'gateway-1',
  rooms: 'rooms-1',
  services: 'services',
  jobs: 'jobs',
  redis: 'redis',
  postgres: 'postgres',
}

/** Below what can be measured a difference of two windows may come out below nothing. */
const atLeastNothing = (value: number | undefined): number => Math.max(0, value ?? 0)

/** Throws an UnreadableResult that says what to measure when something has not been. */
export function costsOf(results: Results): Costs {
  const players = needed(results, 'scale-players')
  const { idle, playing, queueing, match, signUp, look, playingNet } = players
  const sockets = needed(results, 'idle').results.find(({ contestant }) => contestant === 'meydan')
  if (!sockets) throw new UnreadableResult('bench/results/idle.json has no players in it: npm run bench -- idle')
  return {
    online: costOf(idle),
    playing: costOf(playing),
    queued: costOf(queueing),
    match: costOf(match),
    signUp: costOf(signUp),
    signIn: signInOf(results, costOf(signUp)),
    lookUsPerRoom: {
      services: atLeastNothing(look.perRoom.services),
      postgres: atLeastNothing(look.perRoom.postgres),
    },
    bytesPerSocket: sockets.bytesPerSocket,
    bytesPerProcess: sockets.rssBeforeMib * 2 ** 20,
    net: {
      ...playingNet,
      roomsToGatewayBytes: atLeastNothing(playing.lines.sent),
      gatewayToRoomsBytes: atLeastNothing(playing.lines.received),
    },
  }
}

function needed<N extends keyof typeof SCHEMAS>(results: Results, name: N): Of<N> {
  const [bench, part = ''] = name.split('-')
  const result = results[name]
  if (result === undefined) {
    throw new UnreadableResult(`There is no bench/results/${name}.json: npm run bench -- ${bench} ${part}`.trimEnd())
  }
  return result as Of<N>
}

function costOf({ cpuUs, asked, redis, postgres }: Shares): Cost {
  const counts: { readonly [name in Counted]: number } = {
    redisCommands: Object.values(asked).reduce((sum, each) => sum + atLeastNothing(each), 0),
    redisBytes: atLeastNothing(redis.bytesIn) + atLeastNothing(redis.bytesOut),
    statements: atLeastNothing(postgres.statements),
    commits: atLeastNothing(postgres.commits),
    walBytes: atLeastNothing(postgres.walBytes),
    events: atLeastNothing(postgres.events),
  }
  const us = ROLES.map((role) => [role, atLeastNothing(cpuUs[NAMES[role]])])
  return { cpuUs: Object.fromEntries(us), counted: counts }
}

/**
 * Somebody who comes back: a sign-in by device and a socket with a new token. What a sign-in counts in the engines has not been measured
 * by itself; a sign-up, which does more, stands for it.
 */
function signInOf(results: Results, signUp: Cost): Cost {
  const socket = needed(results, 'connect').results.find(({ contestant }) => contestant === 'meydan with a token')
  const apart = needed(results, 'accounts').results.findLast(({ kind }) => kind === 'log in device')
  return {
    cpuUs: {
      ...signUp.cpuUs,
      gateway: signUp.cpuUs.gateway + (socket?.cpuUs ?? 0),
      services: apart?.platformUs ?? signUp.cpuUs.services,
      postgres: apart?.postgresUs ?? signUp.cpuUs.postgres,
    },
    counted: signUp.counted,
  }
}
