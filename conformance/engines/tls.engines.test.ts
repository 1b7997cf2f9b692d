import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Certificates, type KafkaBroker, kafkaBroker, makeCertificates } from '@meydan/conformance/harness'
import { freePort, type RunningPlatform, startPlatform } from '@meydan/conformance/platform'
import { createClient } from '@meydan/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type PostgresServer, startPostgres } from './postgres-server.ts'
import { type RedisServer, startRedis } from './redis-server.ts'

/** Stores as others run them for us: over TLS by certificates of an authority of their own, brokers with a password. */

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const COMMAND_MS_MAX = 30_000
const USER = { MEYDAN_KAFKA_USER: 'meydan', MEYDAN_KAFKA_PASSWORD: 'a-long-one' }

let folder: string
let certificates: Certificates
let postgres: PostgresServer
let redis: RedisServer
let redisPort: number
let kafka: KafkaBroker

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'meydan-tls-'))
  certificates = await makeCertificates(folder)
  const { authority, certificate, key, keystore } = certificates
  const files = { ssl: 'on', ssl_cert_file: '../certificate.pem', ssl_key_file: '../key.pem' }
  redisPort = await freePort()
  const tls = ['--tls-cert-file', certificate, '--tls-key-file', key, '--tls-ca-cert-file', authority]
  ;[postgres, redis, kafka] = await Promise.all([
    startPostgres(files, [certificate, key]),
    startRedis(['--tls-port', String(redisPort), ...tls, '--tls-auth-clients', 'no']),
    kafkaBroker({ keystore, user: USER.MEYDAN_KAFKA_USER, password: USER.MEYDAN_KAFKA_PASSWORD }),
  ])
})
afterAll(async () => {
  await kafka?.close()
  await redis?.close()
  postgres?.close()
  await rm(folder, { recursive: true })
})

type Settings = Readonly<Record<string, string>>

const onPostgres = (): Settings => ({
  MEYDAN_POSTGRES_URL: `postgres://meydan@localhost:${postgres.port}/postgres?sslmode=verify-full`,
})
const onRedis = (): Settings => ({ MEYDAN_REDIS_URL: `rediss://localhost:${redisPort}` })
const onKafka = (sasl: string): Settings => ({
  MEYDAN_KAFKA_BROKERS: kafka.address,
  MEYDAN_KAFKA_TLS: 'true',
  MEYDAN_KAFKA_SASL: sasl,
  ...USER,
})
const trusting = (): Settings => ({ MEYDAN_CA: certificates.authority })

/** Runs `meydan …`; gives exit code and what it said. */
function run(args: readonly string[], settings: Settings) {
  return new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) => {
    const env = { ...process.env, MEYDAN_DATA: join(folder, 'data'), ...settings }
    execFile(process.execPath, [MAIN, ...args], { env, timeout: COMMAND_MS_MAX }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    )
  })
}

async function playMatch({ url }: RunningPlatform): Promise<void> {
  const client = createClient({ url })
  await client.guest({ displayName: 'Ada' })
  await client.connect()
  const told = new Promise((resolve) => client.on('MATCH_RESULT', resolve))
  await client.call.matchmaking.ask({})
  await told
  client.close()
}

test.each([
  ['Kafka', () => onKafka('scram-sha-512')],
  ['pg-boss', () => ({})],
])(
  'DESIGN §7 over TLS, with events on %s, a match is played, and no connection to Postgres is in the clear',
  async (_, bus) => {
    const hurried = { MEYDAN_BOT_WAIT_MS: '200', MEYDAN_MATCH_MS: '2000', MEYDAN_POSTGRES_POOL: '6' }
    const platform = await startPlatform({ ...trusting(), ...onPostgres(), ...onRedis(), ...bus(), ...hurried })
    try {
      await playMatch(platform)
      const connections = 'from pg_stat_ssl join pg_stat_activity using (pid) where client_addr is not null'
      expect(Number(postgres.ask(`select count(*) ${connections}`))).toBeGreaterThan(1)
      expect(postgres.ask(`select count(*) ${connections} and not ssl`)).toBe('0')
    } finally {
      await platform.stop()
    }
  },
)

test.each(['plain', 'scram-sha-256', 'scram-sha-512'])('DESIGN §7 brokers let us in by %s', async (sasl) => {
  const answer = await run(['events', 'dead'], { ...trusting(), ...onPostgres(), ...onKafka(sasl) })
  expect(answer).toMatchObject({ code: 0, stdout: '0 dead letters\n' })
})

test.each([
  ['Postgres', onPostgres, /certificate of localhost:\d+ is of an authority that nobody here knows: .*MEYDAN_CA/],
  ['Redis', onRedis, /certificate of localhost:\d+ is of an authority that nobody here knows: .*MEYDAN_CA/],
  [
    'Kafka',
    () => ({ ...onKafka('plain'), MEYDAN_POSTGRES_URL: `postgres://meydan@127.0.0.1:${postgres.port}/postgres` }),
    /certificate of localhost:\d+ is of an authority that nobody here knows: .*MEYDAN_CA/,
  ],
  [
    'Postgres by another name',
    () => ({ ...trusting(), MEYDAN_POSTGRES_URL: onPostgres().MEYDAN_POSTGRES_URL?.replace('localhost', '127.0.0.1') }),
    /certificate of 127\.0\.0\.1:\d+ is for another name: .*MEYDAN_POSTGRES_URL/,
  ],
])(
  'DESIGN §10 a certificate that does not hold ends the start with one sentence: %s',
  async (_, settings, sentence) => {
    await refused(settings(), sentence)
  },
)

test.each([
  ['a wrong password', { MEYDAN_KAFKA_PASSWORD: 'another' }, /do not let user 'meydan' in .*MEYDAN_KAFKA_PASSWORD/],
  ['no TLS', { MEYDAN_KAFKA_TLS: 'false' }, /MEYDAN_KAFKA_TLS/],
  ['no user', { MEYDAN_KAFKA_SASL: '', MEYDAN_KAFKA_USER: '', MEYDAN_KAFKA_PASSWORD: '' }, /MEYDAN_KAFKA_SASL/],
  ['a password without a user', { MEYDAN_KAFKA_USER: '' }, /MEYDAN_KAFKA_USER and MEYDAN_KAFKA_PASSWORD go together/],
])('DESIGN §10 %s for the brokers ends the start with one sentence', async (_, wrong, sentence) => {
  await refused({ ...trusting(), ...onPostgres(), ...onKafka('scram-sha-256'), ...wrong }, sentence)
})

test('DESIGN §10 a file of authorities that is none ends the start with one sentence', async () => {
  const nothing = join(folder, 'nothing.pem')
  await writeFile(nothing, 'no certificate\n')
  await refused({ MEYDAN_CA: nothing }, /nothing\.pem \(MEYDAN_CA\) is not a file of certificates/)
  await refused({ MEYDAN_CA: join(folder, 'absent.pem') }, /absent\.pem cannot be read; correct MEYDAN_CA/)
})

async function refused(settings: Readonly<Record<string, string | undefined>>, sentence: RegExp): Promise<void> {
  const given = Object.entries(settings).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  const { code, stderr } = await run(['start'], { ...Object.fromEntries(given), MEYDAN_PORT: String(await freePort()) })
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/^meydan: [^\n]+\n$/) })
  expect(stderr).toMatch(sentence)
}
