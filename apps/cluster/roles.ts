/** What a process of the cluster is for. */
export type Kind = 'gateway' | 'rooms' | 'services'

export interface Role {
  readonly name: string
  readonly kind: Kind
  readonly roles: string
}

const SERVICES = 'services:identity,players,matchmaking,bots,wallet,crash'
const JOBS = 'services:matches,leaderboards,feedback,rewards jobs'

/** The processes of a small but whole cluster: of everything that may be several there are two. */
export const MEMBERS: readonly Role[] = [
  { name: 'services-1', kind: 'services', roles: SERVICES },
  { name: 'services-2', kind: 'services', roles: SERVICES },
  { name: 'jobs-1', kind: 'services', roles: JOBS },
  { name: 'rooms-1', kind: 'rooms', roles: 'rooms' },
  { name: 'rooms-2', kind: 'rooms', roles: 'rooms' },
  { name: 'gateway-1', kind: 'gateway', roles: 'gateway' },
  { name: 'gateway-2', kind: 'gateway', roles: 'gateway' },
]

export interface Stores {
  readonly postgresUrl: string
  readonly redisUrl: string
  /** `host:port`; undefined carries events over Postgres. */
  readonly kafkaBrokers: string | undefined
  readonly secrets: string
  /** Each process has a folder of its own under it. */
  readonly data: string
}

/** Two cores and one Postgres are for all of them. */
const POOL = '6'

/** A process's settings, as environment variables. */
export function settingsOf({ name, roles }: Role, port: number, stores: Stores): Readonly<Record<string, string>> {
  return {
    MEYDAN_ROLES: roles,
    MEYDAN_PORT: String(port),
    MEYDAN_DATA: `${stores.data}/${name}`,
    MEYDAN_POSTGRES_URL: stores.postgresUrl,
    MEYDAN_POSTGRES_POOL: POOL,
    MEYDAN_REDIS_URL: stores.redisUrl,
    MEYDAN_SECRETS: stores.secrets,
    MEYDAN_TRUST_PROXY: 'true',
    ...(stores.kafkaBrokers !== undefined && { MEYDAN_KAFKA_BROKERS: stores.kafkaBrokers }),
  }
}
