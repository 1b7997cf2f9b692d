import { AMOUNT_MAX } from '@meydan/contracts/wallet'
import { type SettingValues, setting } from '@meydan/kernel/config'
import { RETRY_DEFAULT } from '@meydan/kernel/events'
import { z } from 'zod'
import { byCurrency, decimals } from './money.ts'
import { rewardTypes } from './reward-types.ts'

const port = z.coerce.number().int().min(0).max(65_535)
const flag = z.enum(['true', 'false']).transform((text) => text === 'true')
const milliseconds = z.coerce.number().int().min(0).max(86_400_000)
const window = z.coerce.number().int().min(100).max(600_000)
const amount = z.coerce.number().int().min(1).max(AMOUNT_MAX)
const broker = z.string().regex(/^[^\s:]+:\d{1,5}$/, 'should look like host:9092,host:9092')
const commaList = z
  .string()
  .transform((text) => text.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()])))

/** Every setting of the platform. Each has a default that works alone on a laptop. */
export const settings = {
  env: setting({
    env: 'MEYDAN_ENV',
    schema: z.enum(['development', 'test', 'production']),
    default: 'development',
    help: 'production refuses made-up secrets and logs as JSON',
  }),
  port: setting({
    env: 'MEYDAN_PORT',
    schema: port,
    default: '4000',
    help: 'port of the page, the API and the sockets; without the role gateway, of /livez, /readyz and /metrics',
  }),
  host: setting({
    env: 'MEYDAN_HOST',
    schema: z.string(),
    default: '127.0.0.1',
    help: 'address to listen on; 0.0.0.0 for all',
  }),
  data: setting({
    env: 'MEYDAN_DATA',
    schema: z.string().min(1),
    default: '.meydan',
    help: 'folder of everything kept',
  }),
  region: setting({
    env: 'MEYDAN_REGION',
    schema: z.string().regex(/^[a-z0-9-]{1,32}$/, 'lower case letters, digits and dashes'),
    default: 'local',
    help: 'name of this region',
  }),
  roles: setting({
    env: 'MEYDAN_ROLES',
    schema: z.string(),
    default: 'all',
    help: 'what this process does: all, or several of gateway, rooms, services:identity,players …',
  }),
  mesh: setting({
    env: 'MEYDAN_MESH',
    schema: commaList,
    default: '',
    help: 'where services of other processes are: identity=http://10.0.0.5:4100,players=…',
  }),
  meshPort: setting({
    env: 'MEYDAN_MESH_PORT',
    schema: port.optional(),
    default: null,
    help: 'port on which other processes call the services of this one',
  }),
  meshUrl: setting({
    env: 'MEYDAN_MESH_URL',
    schema: z.url({ protocol: /^http$/, message: 'should look like http://10.0.0.5:4100' }).optional(),
    default: null,
    help: 'where others reach the mesh port of this process, if not at its own address',
  }),
  node: setting({
    env: 'MEYDAN_NODE',
    schema: z.coerce.number().int().min(0).max(1023).optional(),
    default: null,
    help: 'number of this process in ids, 0 to 1023; with a Redis one that is free is taken when none is given, without one it is 0',
  }),
  postgresUrl: setting({
    env: 'MEYDAN_POSTGRES_URL',
    schema: z
      .url({ protocol: /^postgres(ql)?$/, message: 'should look like postgres://user:password@host:5432/database' })
      .optional(),
    default: null,
    help: 'a Postgres to use instead of the embedded one (?sslmode=verify-full: with TLS)',
    secret: true,
  }),
  postgresPool: setting({
    env: 'MEYDAN_POSTGRES_POOL',
    schema: z.coerce.number().int().min(4).max(200),
    default: '16',
    help: 'connections to Postgres at most',
  }),
  redisUrl: setting({
    env: 'MEYDAN_REDIS_URL',
    schema: z
      .url({
        protocol: /^(rediss?|unix)$/,
        message: 'should look like redis://user:password@host:6379 (rediss: with TLS)',
      })
      .optional(),
    default: null,
    help: 'a Redis that processes share for cache, leases, topics and limits; without one each has its own',
    secret: true,
  }),
  redisPrefix: setting({
    env: 'MEYDAN_REDIS_PREFIX',
    schema: z.string().regex(/^[\w.:-]{1,64}$/, 'letters, digits, dots, colons and dashes'),
    default: 'meydan:',
    help: 'before every key and channel in Redis; installations that share one need different ones',
  }),
  kafkaBrokers: setting({
    env: 'MEYDAN_KAFKA_BROKERS',
    schema: commaList.pipe(z.array(broker).max(100)),
    default: '',
    help: 'some brokers of a Kafka that carries events instead of Postgres: host:9092,host:9092',
  }),
  kafkaTls: setting({
    env: 'MEYDAN_KAFKA_TLS',
    schema: flag,
    default: 'false',
    help: 'true reaches the brokers over TLS',
  }),
  kafkaSasl: setting({
    env: 'MEYDAN_KAFKA_SASL',
    schema: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']).optional(),
    default: null,
    help: 'how the brokers are shown MEYDAN_KAFKA_USER and MEYDAN_KAFKA_PASSWORD: plain, scram-sha-256 or scram-sha-512',
  }),
  kafkaUser: setting({
    env: 'MEYDAN_KAFKA_USER',
    schema: z.string().optional(),
    default: null,
    help: 'user at the brokers, for MEYDAN_KAFKA_SASL',
  }),
  kafkaPassword: setting({
    env: 'MEYDAN_KAFKA_PASSWORD',
    schema: z.string().optional(),
    default: null,
    help: 'password of that user',
    secret: true,
  }),
  kafkaPartitions: setting({
    env: 'MEYDAN_KAFKA_PARTITIONS',
    schema: z.coerce.number().int().min(1).max(1_000),
    default: '6',
    help: 'partitions of each topic of events; processes beyond that number have no share in a group, and it stays as it is',
  }),
  kafkaRetentionDays: setting({
    env: 'MEYDAN_KAFKA_RETENTION_DAYS',
    schema: z.coerce.number().int().min(1).max(90),
    default: '90',
    help: 'how long Kafka keeps events and dead letters, 1 to 90',
  }),
  eventRetries: setting({
    env: 'MEYDAN_EVENT_RETRIES',
    schema: z.coerce.number().int().min(0).max(20),
    default: String(RETRY_DEFAULT.retries),
    help: 'how often an event that could not be handled is tried again, ever later, before it is a dead letter',
  }),
  corsOrigins: setting({
    env: 'MEYDAN_CORS_ORIGINS',
    schema: commaList,
    default: '*',
    help: 'pages that may call the API, comma separated',
  }),
  trustProxy: setting({
    env: 'MEYDAN_TRUST_PROXY',
    schema: flag,
    default: 'false',
    help: "take callers' addresses from X-Forwarded-For; only behind your own proxy",
  }),
  secrets: setting({
    env: 'MEYDAN_SECRETS',
    schema: z.string().optional(),
    default: null,
    help: 'file of the secrets (JSON); made under the data folder when not given',
  }),
  authorities: setting({
    env: 'MEYDAN_CA',
    schema: z.string().optional(),
    default: null,
    help: 'file (PEM) of authorities that are trusted beside the public ones, for Postgres, Redis and Kafka over TLS',
  }),
  logLevel: setting({
    env: 'MEYDAN_LOG',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']),
    default: 'info',
    help: 'least severe line that is logged',
  }),
  otlpUrl: setting({
    env: 'MEYDAN_OTLP_URL',
    schema: z.url().optional(),
    default: null,
    help: 'OpenTelemetry collector for traces: http://host:4318',
  }),
  botWaitMs: setting({
    env: 'MEYDAN_BOT_WAIT_MS',
    schema: milliseconds,
    default: '10000',
    help: 'wait before bots fill a room',
  }),
  matchMs: setting({
    env: 'MEYDAN_MATCH_MS',
    schema: milliseconds.optional(),
    default: null,
    help: "length of a match instead of the game's own",
  }),
  currencies: setting({
    env: 'MEYDAN_CURRENCIES',
    schema: decimals,
    default: 'coins:2,gems:0',
    help: 'currencies of the play money, each with the digits of its minor unit: 100 minor units of coins:2 are one coin',
  }),
  faucetPerDay: setting({
    env: 'MEYDAN_FAUCET_PER_DAY',
    schema: byCurrency,
    default: 'coins:1000000',
    help: 'minor units that a player may take from the faucet in a day (UTC); 0, or a currency that is not named: nothing',
  }),
  faucetUpTo: setting({
    env: 'MEYDAN_FAUCET_UP_TO',
    schema: byCurrency,
    default: 'coins:10000000',
    help: 'balance in minor units beyond which the faucet gives nothing',
  }),
  rewardTypes: setting({
    env: 'MEYDAN_REWARD_TYPES',
    schema: rewardTypes,
    default: 'coins=currency,gems=currency,xp=experience,chest=item,double-xp=booster:2',
    help: 'what players can be given: currencies, experience, items, and boosters with their factor',
  }),
  roomsMax: setting({
    env: 'MEYDAN_ROOMS_MAX',
    schema: z.coerce.number().int().min(1).max(10_000),
    default: '300',
    help: 'rooms this process holds at most',
  }),
  crashBettingMs: setting({
    env: 'MEYDAN_CRASH_BETTING_MS',
    schema: window,
    default: '5000',
    help: 'how long a round of the crash game takes bets',
  }),
  crashFirstBetMs: setting({
    env: 'MEYDAN_CRASH_FIRST_BET_MS',
    schema: window,
    default: '10000',
    help: 'how long it takes others from the first on, in a lobby that waits for one',
  }),
  crashPauseMs: setting({
    env: 'MEYDAN_CRASH_PAUSE_MS',
    schema: window,
    default: '3000',
    help: 'pause between two rounds',
  }),
  crashTickMs: setting({
    env: 'MEYDAN_CRASH_TICK_MS',
    schema: z.coerce.number().int().min(10).max(1_000),
    default: '50',
    help: 'how often its multiplier is told',
  }),
  crashBetMin: setting({
    env: 'MEYDAN_CRASH_BET_MIN',
    schema: amount,
    default: '1',
    help: 'smallest bet, in minor units of coins',
  }),
  crashBetMax: setting({
    env: 'MEYDAN_CRASH_BET_MAX',
    schema: amount,
    default: '100000000',
    help: 'largest bet, in minor units of coins',
  }),
  crashWinMax: setting({
    env: 'MEYDAN_CRASH_WIN_MAX',
    schema: amount,
    default: '1000000000',
    help: 'what one bet is paid at most, in minor units of coins: it is cashed out there',
  }),
  crashBankroll: setting({
    env: 'MEYDAN_CRASH_BANKROLL',
    schema: amount,
    default: '1000000000000',
    help: 'what the house has to lose, in minor units of coins',
  }),
  crashKelly: setting({
    env: 'MEYDAN_CRASH_KELLY',
    schema: z.coerce.number().min(0.001).max(1),
    default: '0.5',
    help: "part of Kelly's hundredth of that which the house risks in a round; all are cashed out there",
  }),
  crashChainRounds: setting({
    env: 'MEYDAN_CRASH_CHAIN_ROUNDS',
    schema: z.coerce.number().int().min(1).max(1_000_000),
    default: '10000',
    help: 'rounds that a lobby commits to at a time',
  }),
  addressLimit: setting({
    env: 'MEYDAN_ADDRESS_LIMIT',
    schema: z.coerce.number().int().min(1),
    default: '1000',
    help: 'requests of one address in 10 s, over all calls',
  }),
  limitScale: setting({
    env: 'MEYDAN_LIMIT_SCALE',
    schema: z.coerce.number().min(0.01).max(1_000_000),
    default: '1',
    help: "multiplies every call's own limit, for load tests",
  }),
  drainMs: setting({
    env: 'MEYDAN_DRAIN_MS',
    schema: milliseconds,
    default: '5000',
    help: 'how long a stop waits for what still runs',
  }),
}

export type PlatformSettings = SettingValues<typeof settings>
