import { TOPIC_KEPT_MAX, TOPIC_KEPT_MS } from '@meydan/kernel/storage'
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

/** One over two keys, of which the second names the first's slot by a hash tag: on a cluster they live on one server. */
function scriptOverTwo<Reply, T>(text: string, read: (reply: Reply) => T) {
  return defineScript({
    SCRIPT: text,
    NUMBER_OF_KEYS: 2,
    parseCommand(parser: CommandParser, keys: readonly [string, string], ...given: RedisArgument[]) {
      for (const key of keys) parser.pushKey(key)
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
local owner, token, ends, ttl = unpack(redis.call('hmget', KEYS[1], 'owner', 'token', 'ends', 'ttl'))
local live = ends and tonumber(ends) > now
local whole = function(n) return string.format('%.0f', n) end`

/** A topic's numbers begin at the time, so that one that was forgotten goes on above them. */
const NUMBERED = `${NOW_US}
redis.call('set', KEYS[1], string.format('%.0f', now), 'nx')`

/**
 * A lease outlives its end by this much, so that its token is remembered: tokens go on growing when the server's clock is
 * set back by less.
 */
const REMEMBERED_MS = 60 * 60 * 1_000

const HOLD = `
redis.call('hset', KEYS[1], 'owner', ARGV[1], 'token', token, 'ends', whole(now + ARGV[2] * 1000), 'ttl', ARGV[2])
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

  /**
   * owner, ttlMs → the token; null while somebody else holds the lease. A server that was started a moment ago may have lost renewals that it had
   * granted: a lease that it remembers as run out may last for as long again, unless it was let go of. Its uptime is in whole seconds.
   */
  acquire: script(
    `${HELD}
if live and owner ~= ARGV[1] then return false end
if not live and owner and owner ~= ARGV[1] and tonumber(ends) > 0 then
  local upS = tonumber(string.match(redis.call('info', 'server'), 'uptime_in_seconds:(%d+)'))
  if (upS - 1) * 1000 < tonumber(ttl or 0) then return false end
end
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
   * The number's key and that of what is kept; channel, message, ttlMs → the event's number, which the message is sent behind. What is kept
   * has the time in µs before that.
   */
  announce: scriptOverTwo(
    `${NUMBERED}
local seq = redis.call('incr', KEYS[1])
redis.call('pexpire', KEYS[1], ARGV[3])
local said = string.format('%.0f:', seq) .. ARGV[2]
redis.call('rpush', KEYS[2], string.format('%.0f:', now) .. said)
redis.call('ltrim', KEYS[2], -${TOPIC_KEPT_MAX}, -1)
while tonumber(string.match(redis.call('lindex', KEYS[2], 0), '^%d+')) < now - ${TOPIC_KEPT_MS * 1_000} do
  redis.call('lpop', KEYS[2])
end
redis.call('pexpire', KEYS[2], ${TOPIC_KEPT_MS})
redis.call('publish', ARGV[1], said)
return seq`,
    (reply: number) => reply,
  ),

  /** ttlMs → the number of the last event. */
  position: script(
    `${NUMBERED}
redis.call('pexpire', KEYS[1], ARGV[1])
return redis.call('get', KEYS[1])`,
    Number,
  ),

  /** The keys of \`announce\`; a number → what came after it, as it is kept; null when that is not all there. */
  since: scriptOverTwo(
    `
local last = redis.call('get', KEYS[1])
if not last then return false end
local missed = last - ARGV[1]
if missed == 0 then return {} end
if missed < 0 or missed > redis.call('llen', KEYS[2]) then return false end
return redis.call('lrange', KEYS[2], -missed, -1)`,
    (reply: Buffer[] | null) => reply,
  ),
}
