import { playerAccount, wallet } from '@meydan/contracts/wallet'
import { memoryLeases, memoryTopics } from '@meydan/drivers/memory'
import { connectPostgres } from '@meydan/drivers/postgres'
import { idMaker } from '@meydan/kernel/ids'
import { bareKit, createHost, openContext } from '@meydan/kernel/rpc'
import { createLog, createMetrics } from '@meydan/kernel/telemetry'
import { systemClock as clock } from '@meydan/kernel/time'
import { walletService } from '@meydan/services/wallet'
import { serveParent } from '../measure/child.ts'
import { LedgerSetup, PLAYERS, type Work, WorkAsked, type WorkDone } from './messages.ts'

/** The real wallet, called as another service of the same process calls it: through the pipeline, one request for each transfer. */
const { postgresUrl } = LedgerSetup.parse(JSON.parse(process.argv[2] ?? ''))
const POOL_MAX = 16
const AMOUNT = 10
const log = createLog({ level: 'warn', pretty: false, name: 'bench' })
const parts = { log, metrics: createMetrics(), clock }
const postgres = await connectPostgres({ url: postgresUrl, poolMax: POOL_MAX, log })
const service = walletService({ currencies: new Map([['coins', { decimals: 2, faucet: { perDay: 0, upTo: 0 } }]]) })
const host = await createHost({
  services: [service],
  kit: () => ({
    ...bareKit(parts),
    db: postgres.database(wallet.name),
    leases: memoryLeases(clock),
    topics: memoryTopics(clock, log),
    nextId: idMaker(clock),
  }),
  freeze: false,
  ...parts,
})
const client = host.clients('bench', { wallet }).wallet

const run = crypto.randomUUID()
let keys = 0
const asked = () => ({ key: `${run}:${++keys}`, reason: 'bench' })
const someone = (): number => 1 + Math.floor(Math.random() * PLAYERS)
const player = (number: number) => playerAccount(String(1 + (number % PLAYERS)))

const WORKS: Readonly<Record<Work, () => Promise<unknown>>> = {
  'among players'() {
    const payer = someone()
    const to = player(payer + 1 + Math.floor(Math.random() * (PLAYERS - 1)))
    return transfer({ from: player(payer), to, currency: 'coins', amount: AMOUNT })
  },
  'to the house': () => transfer({ from: player(someone()), to: 'house', currency: 'coins', amount: AMOUNT }),
  async 'hold and post'() {
    const terms = { account: player(someone()), currency: 'coins', amount: AMOUNT, expiresInMs: 60_000 }
    const { transferId: holdId } = await client.hold({ ...asked(), ...terms }, context())
    await client.post({ ...asked(), holdId, to: 'house' }, context())
  },
}

const context = () => openContext({ caller: { kind: 'service', service: 'bench' }, clock, log })
const transfer = (leg: Parameters<typeof client.transfer>[0]['legs'][number]) =>
  client.transfer({ ...asked(), legs: [leg] }, context())

async function work({ work: what, clients, seconds }: WorkAsked): Promise<WorkDone> {
  const eachMs: number[] = []
  const before = process.cpuUsage()
  const startMs = performance.now()
  const untilMs = startMs + seconds * 1_000
  const one = async (): Promise<void> => {
    for (let beganMs = performance.now(); beganMs < untilMs; beganMs = performance.now()) {
      await WORKS[what]()
      eachMs.push(performance.now() - beganMs)
    }
  }
  await Promise.all(Array.from({ length: clients }, one))
  const { user, system } = process.cpuUsage(before)
  return { eachMs, tookMs: performance.now() - startMs, cpuUs: user + system }
}

serveParent(
  (message) => work(WorkAsked.parse(message)),
  () => postgres.close(),
)
