import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import {
  type KafkaBroker,
  kafkaBroker,
  kafkaIsMissing,
  type TestDatabase,
  testDatabase,
} from '@meydan/conformance/harness'
import { type RunningPlatform, startPlatform, writeSecrets } from '@meydan/conformance/platform'
import { type Client, createClient } from '@meydan/sdk'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('../../apps/platform/main.ts', import.meta.url))
const RECIPIENTS = 100_000
const WAIT = { timeout: 60_000, interval: 50 }
const ADMIN = { type: 'password', username: 'keeper', password: 'a long enough one' } as const

const BUSES = kafkaIsMissing() ? ['Postgres'] : ['Postgres', 'Kafka']

describe.each(BUSES)('a campaign over %s', (bus) => {
  let folder: string
  let database: TestDatabase
  let broker: KafkaBroker | undefined
  let platform: RunningPlatform
  let other: RunningPlatform
  let admin: Client
  const settings = () => ({
    MEYDAN_POSTGRES_URL: database.url,
    MEYDAN_SECRETS: join(folder, 'secrets.json'),
    MEYDAN_DRAIN_MS: '500',
    ...(broker && { MEYDAN_KAFKA_BROKERS: broker.address }),
  })
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'meydan-rewards-'))
    await writeSecrets(folder)
    database = await testDatabase('rewards')
    broker = bus === 'Kafka' ? await kafkaBroker() : undefined
    platform = await startPlatform(settings())
    other = await startPlatform({ ...settings(), MEYDAN_NODE: '1' })
    admin = createClient({ url: platform.url })
    await admin.register(ADMIN, 'Keeper')
    const env = { ...process.env, ...settings(), MEYDAN_DATA: join(folder, 'data') }
    await promisify(execFile)(process.execPath, [MAIN, 'grant', ADMIN.username, 'admin'], { env })
    await admin.login(ADMIN)
  })
  afterAll(async () => {
    admin?.close()
    await Promise.all([platform?.stop(), other?.stop()])
    await broker?.close()
    await database?.close()
    await rm(folder, { recursive: true, force: true })
  })

  test(`B7 G8 reaches ${RECIPIENTS} inboxes once each, while calls are answered and other events are heard`, async () => {
    const { pool } = database.postgres
    await pool.query(`insert into rewards.players (player_id) select generate_series(1, ${RECIPIENTS})`)
    const rewards = [{ type: 'coins', amount: 1 }]
    const { campaignId } = await admin.call.rewards.send({
      key: 'all',
      to: { everybody: true },
      title: 'Hello',
      rewards,
    })
    const progress = () => admin.call.rewards.campaign({ campaignId })
    const guest = createClient({ url: platform.url })
    await guest.guest({ displayName: 'Meanwhile' })
    const { playerId = '' } = guest.player ?? {}
    const isKnown = async () =>
      (await pool.query('select from rewards.players where player_id = $1', [playerId])).rowCount === 1
    await expect.poll(isKnown, WAIT).toBe(true)
    const thanks = { playerId, type: 'coins', amount: 7, reason: 'thanks', key: 'meanwhile' }
    await admin.call.rewards.give(thanks)
    expect((await guest.call.wallet.balances({})).balances[0]).toMatchObject({ currency: 'coins', balance: 7 })
    expect((await progress()).state, 'all that was while it was being sent').toBe('sending')

    await expect.poll(async () => (await progress()).state, WAIT).toBe('sent')
    const { recipients, delivered } = await progress()
    const { rows } = await pool.query('select count(*)::integer as inboxes from rewards.inbox')
    // The admin has an account, too.
    expect([recipients, delivered, rows[0]?.inboxes]).toEqual([RECIPIENTS + 1, RECIPIENTS + 1, RECIPIENTS + 1])
    guest.close()
  })

  test('B7 G12 twenty claims at once from two devices, each at a process of its own, give what a message brings once', async () => {
    const elsewhere = createClient({ url: other.url })
    await elsewhere.login(ADMIN)
    const { messages } = await admin.call.rewards.inbox({})
    const [{ messageId } = { messageId: '' }] = messages
    const claims = Array.from({ length: 20 }, (_, n) => (n % 2 ? admin : elsewhere).call.rewards.claim({ messageId }))
    const answers = await Promise.all(claims)
    expect(answers).toEqual(answers.map(() => ({ claimed: [messageId], rewards: [{ type: 'coins', amount: 1 }] })))
    expect((await admin.call.wallet.balances({})).balances[0]).toMatchObject({ currency: 'coins', balance: 1 })
    elsewhere.close()
  })
})
