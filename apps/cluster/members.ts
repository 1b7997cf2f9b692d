/** One process of the cluster. */
export interface Member {
  readonly name: string
  readonly settings: Readonly<Record<string, string>>
}

export interface Stores {
  readonly postgresUrl: string
  readonly redisUrl: string
  /** `host:port`; undefined carries events over Postgres. */
  readonly kafkaBrokers: string | undefined
  readonly secrets: string
  /** Each process has a folder of its own under it. */
  readonly data: string
}

const SERVICES = 'services:identity,players,matchmaking,bots'
const JOBS = 'services:matches,leaderboards,feedback jobs'

/** Roles of a small but whole cluster: of everything that may be several there are two. */
const ROLES: readonly (readonly [name: string, roles: string])[] = [
  ['services-1', SERVICES],
  ['services-2', SERVICES],
  ['jobs-1', JOBS],
  ['rooms-1', 'rooms'],
  ['rooms-2', 'rooms'],
  ['gateway-1', 'gateway'],
  ['gateway-2', 'gateway'],
]
/** Two cores and one Postgres are for all of them. */
const POOL = '6'

/** The processes, and their ports: the n-th listens at `ports[n]`. */
export function members(stores: Stores, ports: readonly number[]): Member[] {
  return ROLES.map(([name, roles], index) => ({
    name,
    settings: {
      MEYDAN_ROLES: roles,
      MEYDAN_PORT: String(ports[index] ?? 0),
      MEYDAN_DATA: `${stores.data}/${name}`,
      MEYDAN_POSTGRES_URL: stores.postgresUrl,
      MEYDAN_POSTGRES_POOL: POOL,
      MEYDAN_REDIS_URL: stores.redisUrl,
      MEYDAN_SECRETS: stores.secrets,
      MEYDAN_TRUST_PROXY: 'true',
      ...(stores.kafkaBrokers !== undefined && { MEYDAN_KAFKA_BROKERS: stores.kafkaBrokers }),
    },
  }))
}

export const MEMBERS = ROLES.length
export const isGateway = ({ name }: Member): boolean => name.startsWith('gateway-')
