import { setTimeout as delay } from 'node:timers/promises'
import { type Random, seededRandom } from '@meydan/contracts/core'
import { playerAccount, wallet } from '@meydan/contracts/wallet'
import type { Postgres } from '@meydan/drivers/postgres'
import { openContext } from '@meydan/kernel/rpc'
import { systemClock as clock } from '@meydan/kernel/time'
import { audit } from '@meydan/services/wallet'
import { quietLog as log } from '../harness/quiet.ts'
import { BANK, type Book, Client, type Done } from './client.ts'
import { type Ground, openGround } from './ground.ts'

const PLAYERS = 20
const CLIENTS = 32
const START = 1_000
const TOTAL = PLAYERS * START
const PAUSE_MS_MAX = 20
const LOOK_EVERY_MS = 50
const BETWEEN_MS = [300, 1_000] as const
const AWAY_MS = [300, 1_000] as const

/** What one seed has shown. */
export interface Verdict {
  readonly seed: number
  readonly acknowledged: number
  readonly refused: number
  /** Times that all balances were read while this went on. */
  readonly reads: number
  readonly violations: readonly string[]
}

/** What goes wrong, each once, in an order that the seed draws. */
const FAULTS: Readonly<Record<string, (ground: Ground, random: Random) => Promise<void>>> = {
  'kill the first process': ({ branches }) => branches[0].killAndStart(),
  'kill the second process': ({ branches }) => branches[1].killAndStart(),
  'crash Postgres': (ground) => ground.restartPostgres(0),
  'stop Postgres and start it': (ground, random) => ground.restartPostgres(random.int(...AWAY_MS)),
}

/** Clients pay each other in two processes while these and their Postgres are killed and come back; nothing may be lost, doubled or made. */
export async function bank(seed: number, say: (line: string) => void): Promise<Verdict> {
  const random = seededRandom(seed)
  const ground = await openGround()
  try {
    const players = Array.from({ length: PLAYERS }, (_, index) => playerAccount(String(index + 1)))
    await fund(ground, players)
    const book: Book = { done: [], refused: [], violations: [] }
    let isOver = false
    const working = Array.from({ length: CLIENTS }, async (_, index) => {
      const own = seededRandom((seed * CLIENTS + index) >>> 0)
      const client = new Client(`client-${index}`, own, ground.branches, players, book)
      for (; !isOver; await delay(own.int(0, PAUSE_MS_MAX))) await client.act()
    })
    const looking = look(ground.postgres, book, () => isOver)
    await strike(ground, random, say)
    isOver = true
    await Promise.all(working)
    const violations = [...book.violations, ...(await settled(ground.postgres, players, book))]
    const { done, refused } = book
    return { seed, acknowledged: done.length, refused: refused.length, reads: await looking, violations }
  } finally {
    await ground.close()
  }
}

async function strike(ground: Ground, random: Random, say: (line: string) => void): Promise<void> {
  const left = Object.entries(FAULTS)
  while (left.length > 0) {
    await delay(random.int(...BETWEEN_MS))
    for (const [name, fault] of left.splice(random.int(0, left.length - 1), 1)) {
      say(name)
      await fault(ground, random)
    }
  }
  await delay(random.int(...BETWEEN_MS))
}

/** Once, however often it must be asked for: by the wallet's own word. */
async function fund({ branches }: Ground, players: readonly string[]): Promise<void> {
  const caller = { kind: 'service', service: 'funder' } as const
  const legs = players.map((to) => ({ from: 'faucet', to, currency: 'coins', amount: START }))
  const input = { key: 'start', reason: 'bank.start', legs }
  await branches[0].link.call(wallet, 'transfer', input, openContext({ caller, clock, log }), caller)
}

/** Reads all balances again and again: each time they are as much as there was, and none is below zero. Gives how often. */
async function look({ pool }: Postgres, { violations }: Book, isOver: () => boolean): Promise<number> {
  let reads = 0
  for (; !isOver(); await delay(LOOK_EVERY_MS)) {
    const found = await pool.query<{ sum: string; least: string }>(LOOK).catch(() => undefined)
    const [row] = found?.rows ?? []
    if (!row) continue
    reads++
    if (Number(row.sum) !== TOTAL) violations.push(`there is ${row.sum} instead of ${TOTAL}`)
    if (Number(row.least) < 0) violations.push(`somebody has ${row.least}`)
  }
  return reads
}
const LOOK = `
  select sum(balance) + (select coalesce(sum(amount), 0) from wallet.holds where state = 'open') as sum, min(balance) as least
  from wallet.accounts where owner like 'player:%'`

/** What must hold now that every answer is known. */
async function settled(postgres: Postgres, players: readonly string[], { done }: Book): Promise<string[]> {
  const findings: string[] = []
  for await (const step of audit(postgres.database(wallet.name)))
    findings.push(...step.findings.map(({ rule, where, message }) => `${rule} ${where}: ${message}`))
  return [...(await wronglyWritten(postgres, done)), ...(await wrongBalances(postgres, players, done)), ...findings]
}

/** Everything acknowledged is there once, as it was acknowledged, and nothing else is. */
async function wronglyWritten({ pool }: Postgres, done: readonly Done[]): Promise<string[]> {
  const { rows } = await pool.query<{ key: string; id: string }>(
    'select key, transfer_id as id from wallet.transfers where caller = $1',
    [BANK],
  )
  const written = new Map(rows.map(({ key, id }) => [key, id]))
  const lost = done.filter(({ key, transferId }) => written.get(key) !== transferId).map(({ key }) => `${key} is lost`)
  const acknowledged = new Set(done.map(({ key }) => key))
  const extra = rows.filter(({ key }) => !acknowledged.has(key)).map(({ key }) => `${key} was done, and refused`)
  return [...lost, ...extra]
}

/** Everybody has what they began with and what was acknowledged since. */
async function wrongBalances({ pool }: Postgres, players: readonly string[], done: readonly Done[]): Promise<string[]> {
  const expected = new Map(players.map((player) => [player, START]))
  for (const [account, amount] of done.flatMap(({ changes }) => changes))
    expected.set(account, (expected.get(account) ?? 0) + amount)
  const { rows } = await pool.query<{ owner: string; balance: string }>(
    "select owner, balance from wallet.accounts where owner like 'player:%'",
  )
  return rows.flatMap(({ owner, balance }) =>
    Number(balance) === expected.get(owner) ? [] : [`${owner} has ${balance} instead of ${expected.get(owner)}`],
  )
}
