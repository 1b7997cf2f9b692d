import { type CommandParser, defineScript, type RedisArgument } from '@redis/client'

/**
 * What has to happen at once, as Lua on the server. Each script touches the one key it is given, so that it runs on a cluster
 * too, and is called by its SHA-1; a server that does not know it (yet, or any more) is sent the text.
 */
function script<Reply, T>(text: string, read: (reply: Reply) => T) {
  return defineScript({
    SCRIPT: text,
    NUMBER_OF_KEYS: 1,
    parseCommand(parser: CommandParser, key: string, ...given: RedisArgument[]) {
      parser.pushKey(key)
      parser.push(...given)
    },
    transformReply: read,
  })
}

const number = (text: string) => script(text, (reply: number) => reply)

/** The server's own time in microseconds: holders of leases need not agree about theirs. Exact in Lua's doubles until 2255. */
const NOW_US = `
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]`

const HELD = `${NOW_US}
local owner, token, ends = unpack(redis.call('hmget', KEYS[1], 'owner', 'token', 'ends'))
local live = ends and tonumber(ends) > now
local whole = function(n) return string.format('%.0f', n) end`

/**
 * A lease outlives its end by this much, so that its token is remembered: tokens go on growing when the server's clock is
 * set back by less.
 */
const REMEMBERED_MS = 60 * 60 * 1_000

const HOLD = `
redis.call('hset', KEYS[1], 'owner', ARGV[1], 'token', token, 'ends', whole(now + ARGV[2] * 1000))
redis.call('pexpire', KEYS[1], ARGV[2] + ${REMEMBERED_MS})`

export const scripts = {
  /** by, ttlMs → the sum and how long the counter still lives. */
  count: script(
    `
local sum = redis.call('incrby', KEYS[1], ARGV[1])
local leftMs = redis.call('pttl', KEYS[1])
if leftMs < 0 then
  leftMs = tonumber(ARGV[2])
  redis.call('pexpire', KEYS[1], leftMs)
end
return {sum, leftMs}`,
    ([sum, leftMs]: [number, number]) => ({ sum, leftMs }),
  ),

  /** `zadd` or `zincrby`, score, member, ttlMs, members at most → the member's score. */
  rank: script(
    `
redis.call(ARGV[1], KEYS[1], ARGV[2], ARGV[3])
local score = redis.call('zscore', KEYS[1], ARGV[3])
redis.call('zremrangebyrank', KEYS[1], 0, -1 - ARGV[5])
redis.call('pexpire', KEYS[1], ARGV[4])
return score`,
    (reply: string) => reply,
  ),

  /** owner, ttlMs → the token; null while somebody else holds the lease. */
  acquire: script(
    `${HELD}
if live and owner ~= ARGV[1] then return false end
if not live then token = whole(math.max(now, (tonumber(token) or 0) + 1)) end${HOLD}
return token`,
    (reply: string | null) => reply,
  ),

  /** owner, ttlMs, token → 1 when the lease was still his. */
  renew: number(`${HELD}
if not live or owner ~= ARGV[1] or token ~= ARGV[3] then return 0 end${HOLD}
return 1`),

  /** owner, token → 1 when there was something to let go of. */
  release: number(`${HELD}
if not live or owner ~= ARGV[1] or token ~= ARGV[2] then return 0 end
return redis.call('hset', KEYS[1], 'ends', 0) + 1`),

  /** → owner and token; null when nobody holds the lease. */
  holder: script(
    `${HELD}
return live and {owner, token}`,
    (held: [string, string] | null) => held && { owner: held[0], token: held[1] },
  ),

  /**
   * channel, message, ttlMs → the event's number, which the message is sent behind. A topic's numbers begin at the time,
   * so that one that was forgotten goes on above them.
   */
  announce: number(`${NOW_US}
redis.call('set', KEYS[1], string.format('%.0f', now), 'nx')
local seq = redis.call('incr', KEYS[1])
redis.call('pexpire', KEYS[1], ARGV[3])
redis.call('publish', ARGV[1], string.format('%.0f', seq) .. ':' .. ARGV[2])
return seq`),
}
