import type { Random } from '@meydan/contracts/core'
import { pack } from 'msgpackr'

/** Seeded nonsense for both doors: some of it random, most of it nearly right, since that gets further in. */

const CALLS = [
  'matchmaking.ask',
  'matchmaking.status',
  'players.me',
  'players.update',
  'players.get',
  'rooms.leave',
  'rooms.find',
  'matches.mine',
  'leaderboards.top',
  'feedback.leave',
  'feedback.mine',
  'feedback.list',
  'wallet.balances',
  'wallet.statement',
  'wallet.transfer',
  'rewards.grant',
  'rewards.give',
  'rewards.claim',
  'rewards.inbox',
  'rewards.send',
  'identity.account',
  'identity.login',
  'rooms.open',
  'no.such',
  '__proto__.x',
  'constructor.name',
]
const PATHS = [
  '/v1/identity/login',
  '/v1/identity/register',
  '/v1/identity/refresh',
  '/v1/players/me',
  '/v1/players/1',
  '/v1/matchmaking/ask',
  '/v1/leaderboards/arena/top',
  '/v1/feedback',
  '/v1/feedback/mine',
  '/v1/feedback/1',
  '/v1/wallet',
  '/v1/wallet/statement',
  '/v1/rewards',
  '/v1/rewards/daily',
  '/v1/inbox',
  '/v1/inbox/1/claim',
  '/v1/campaigns',
  '/v1/matches',
  '/v1/rooms/1/leave',
  '/v1/%00',
  '/v1/../..',
  '/docs',
  '/v1/players/99999999999999999999',
]
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const WORDS = [
  '',
  'a',
  '1',
  '0',
  '-1',
  'null',
  '\u0000',
  '\ud800',
  'x'.repeat(5_000),
  '../..',
  "'; drop table x; --",
  '<script>',
  '9'.repeat(40),
  'ß𝔄🙂',
]
const KEYS = [
  'game',
  'playerId',
  'roomId',
  'credentials',
  'type',
  'username',
  'password',
  'limit',
  'before',
  'displayName',
  'kind',
  'text',
  'key',
  'search',
  '__proto__',
  'constructor',
  'id',
  'currency',
  'amount',
  'toString',
]
const DEPTH_MAX = 6

const pick = <T>(random: Random, from: readonly [T, ...T[]] | readonly T[]): T => {
  const item = from[random.int(0, from.length - 1)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

/** Any value that JSON can show, and a few that only look as if. */
export function nonsense(random: Random, depth = 0): unknown {
  const kind = random.int(0, depth >= DEPTH_MAX ? 5 : 7)
  if (kind === 0) return null
  if (kind === 1) return random.float() < 0.5
  if (kind === 2) return pick(random, [0, 1, -1, 1e308, -1e-308, 2 ** 53, 0.1, random.int(-1_000, 1_000)])
  if (kind <= 5) return pick(random, WORDS)
  if (kind === 6) return Array.from({ length: random.int(0, 4) }, () => nonsense(random, depth + 1))
  return Object.fromEntries(
    Array.from({ length: random.int(0, 5) }, () => [pick(random, KEYS), nonsense(random, depth + 1)]),
  )
}

function bytes(random: Random, lengthMax: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: random.int(0, lengthMax) }, () => random.int(0, 255))
}

/** One message for a JSON socket (text, or bytes for a binary message). */
export function nonsenseFrame(random: Random): string | Uint8Array<ArrayBuffer> {
  const id = pick<unknown>(random, [1, 2, 3, -1, 1.5, 'x', null, 2 ** 40])
  switch (random.int(0, 8)) {
    case 0:
      return JSON.stringify(nonsense(random))
    case 1:
      return bytes(random, 64)
    case 2:
      return JSON.stringify({ id, call: pick(random, CALLS), in: nonsense(random) })
    case 3:
      return JSON.stringify({ id, call: pick(random, CALLS), in: nonsense(random) }).slice(0, random.int(0, 40))
    case 4:
      return Uint8Array.of(random.int(1, 3), 0, random.int(0, 3), ...bytes(random, 40))
    case 5:
      return JSON.stringify({ id, [pick(random, ['join', 'part', 'watch', 'unwatch', 'renew'])]: nonsense(random) })
    case 6:
      return JSON.stringify({ ping: nonsense(random) })
    case 7:
      return JSON.stringify({ [pick(random, ['hello', 'resume'])]: nonsense(random) })
    default:
      return JSON.stringify({ id, call: pick(random, CALLS) })
  }
}

export interface NonsenseRequest {
  readonly path: string
  readonly init: { method: string; headers: Record<string, string>; body?: string | Uint8Array<ArrayBuffer> }
}

export function nonsenseRequest(random: Random): NonsenseRequest {
  const method = pick(random, METHODS)
  const query =
    random.float() < 0.3
      ? `?${pick(random, KEYS)}=${encodeURIComponent(pick(random, ['', '1', 'x', '-5', '\u0000']))}`
      : ''
  const path = `${pick(random, PATHS)}${query}`
  const headers: Record<string, string> = {}
  if (random.float() < 0.3) headers.authorization = pick(random, ['Bearer x', 'Bearer a.b.c', 'Basic eA==', 'Bearer'])
  if (random.float() < 0.1) headers.accept = 'application/msgpack'
  if (method === 'GET' || random.float() < 0.1) return { path, init: { method, headers } }
  const style = random.int(0, 3)
  headers['content-type'] = style === 3 ? 'application/msgpack' : 'application/json'
  const value = nonsense(random)
  if (style === 0) return { path, init: { method, headers, body: bytes(random, 64) } }
  if (style === 3) return { path, init: { method, headers, body: new Uint8Array(pack(value)) } }
  const text = JSON.stringify(value)
  return { path, init: { method, headers, body: style === 1 ? text : text.slice(0, random.int(0, text.length)) } }
}
