import { createHash, createHmac } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import {
  contextOf,
  type HandLoop,
  handLoop,
  playerCaller,
  quietLog,
  quietMetrics,
  type TestDatabase,
  testDatabase,
  testKit,
} from '@meydan/conformance/harness'
import { core, type Id, type Plain } from '@meydan/contracts/core'
import { CRASH_TICK, crash } from '@meydan/contracts/crash'
import { players } from '@meydan/contracts/players'
import { playerAccount, wallet } from '@meydan/contracts/wallet'
import { memoryLeases, memoryTopics } from '@meydan/drivers/memory'
import { crashPoint } from '@meydan/games/crash'
import { idMaker } from '@meydan/kernel/ids'
import { type Clients, createHost, type Host, type Link, openContext } from '@meydan/kernel/rpc'
import type { Database, Topics } from '@meydan/kernel/storage'
import type { Log, Metrics } from '@meydan/kernel/telemetry'
import { manualClock } from '@meydan/kernel/time'
import { type CrashRules, crashService } from '@meydan/services/crash'
import { walletService } from '@meydan/services/wallet'

export const RULES: CrashRules = {
  bettingMs: 2_000,
  firstBetMs: 4_000,
  pauseMs: 1_000,
  tickMs: 50,
  betMin: 10,
  betMax: 100_000,
  winMax: 1_000_000,
  bankroll: 1_000_000_000,
  kelly: 1,
  chainRounds: 100,
}
export const SALT = 'a salt of the tests'
/** Where a process's log and metrics go. */
interface Telemetry {
  readonly log: Log
  readonly metrics: Metrics
}
const QUIET: Telemetry = { log: quietLog, metrics: quietMetrics }
const STEP_MS = 50
const STEPS_MAX = 20_000
const CURRENCIES = new Map([['coins', { decimals: 2, faucet: { perDay: 0, upTo: 0 } }]])

export interface Told {
  readonly topic: string
  readonly event: string
  readonly data: Plain
}

/** Wallet and crash game on a Postgres of their own; time goes by when it is told to. `process()` is one more process of the game. */
export async function openWorld(given: Partial<CrashRules> = {}, telemetry: Telemetry = QUIET) {
  const clock = manualClock(Date.UTC(2026, 10, 18, 12))
  const database = await testDatabase('crash')
  const told: Told[] = []
  const topics = listened(memoryTopics(clock, quietLog), told)
  const shared = { clock, database, leases: memoryLeases(clock), topics, nextId: idMaker(clock, 1), ...telemetry }
  const bank = await openBank(shared)
  const rules = { ...RULES, ...given }
  const processes = new Map<string, Process>()
  const writes = { open: 0 }

  const process = async (processId: string): Promise<Process> => {
    const loop = handLoop()
    const service = crashService({ rules, processId, loop, crashOf: (other) => crashAt(processes.get(other)) })
    const made = await testKit('crash', service.migrations, shared)
    const kit = { ...made.kit, db: counted(made.kit.db, writes) }
    const remote = { contracts: [wallet, players], link: bank.link }
    const host = await createHost({ services: [service], kit: () => kit, remote, ...telemetry, freeze: true, clock })
    await host.start()
    const opened = { host, loop, ...playing(host) }
    processes.set(processId, opened)
    return opened
  }
  const here = await process('a')
  const db = database.postgres.pool

  const step = async (ms: number): Promise<void> => {
    clock.advance(ms)
    for (const { loop } of processes.values()) loop.tick()
    do await setImmediate()
    while (writes.open > 0)
  }
  /** Lets time go by until it is so. */
  const until = async (isSo: () => unknown, stepMs = STEP_MS): Promise<void> => {
    for (let steps = 0; !isSo(); steps++) {
      if (steps >= STEPS_MAX)
        throw new Error(
          `it never was so; told: ${told.flatMap(({ event }) => (event === CRASH_TICK ? [] : [event])).join(' ')}`,
        )
      await step(stepMs)
    }
  }

  return {
    ...here,
    process,
    processes,
    clock,
    told,
    bank,
    database,
    step,
    until,
    rows: async <R extends object>(query: string): Promise<R[]> => (await db.query<R>(query)).rows,
    /** What was told last under this name. */
    last: (event: string) => told.findLast((each) => each.event === event)?.data as Record<string, never> | undefined,
    count: (event: string) => told.filter((each) => each.event === event).length,
    /** The next round of the lobby crashes between these (hundredths). */
    async nextCrash(min: number, max: number, lobbyId = 1): Promise<{ seed: Buffer; crashPoint: number }> {
      for (let n = 0; ; n++) {
        const seed = createHash('sha256').update(`seed ${n}`).digest()
        const found = crashPoint(createHmac('sha256', SALT).update(seed).digest())
        if (found < min || found > max) continue
        const commitment = createHash('sha256').update(seed).digest()
        await db.query(`insert into crash.chains values ($1, $2, 1, $3, $4, now(), $5, now())`, [
          shared.nextId(),
          lobbyId,
          seed,
          commitment,
          SALT,
        ])
        return { seed, crashPoint: found }
      }
    },
    async close(): Promise<void> {
      for (const { host } of processes.values()) await host.stop()
      await database.close()
    },
  }
}

interface Process extends ReturnType<typeof playing> {
  readonly host: Host
  readonly loop: HandLoop
}

/** Another process's game, asked by the service in a player's name. */
function crashAt(process: Process | undefined): Clients<{ crash: typeof crash }>['crash'] {
  if (!process) throw new Error('there is no such process')
  return process.host.clients(crash.name, { crash }).crash
}

/** The game as players ask it. */
function playing({ call }: Host) {
  let keys = 0
  const by = (playerId: Id) => contextOf(playerCaller(playerId))
  const { bet, cashOut, lobby, open, setLimits } = crash.procedures
  return {
    ask: (playerId: Id, name: string, input: object) => call(name, input, by(playerId)),
    bet: async (playerId: Id, amount: unknown, autoCashOut?: number, key = `key-of-bet-${++keys}`, lobbyId = 1) =>
      bet.output.parse(
        await call('crash.bet', { lobbyId, key, amount, ...(autoCashOut && { autoCashOut }) }, by(playerId)),
      ),
    cashOut: async (playerId: Id, lobbyId = 1) =>
      cashOut.output.parse(await call('crash.cashOut', { lobbyId }, by(playerId))),
    lobby: async (playerId: Id, lobbyId = 1) =>
      lobby.output.parse(await call('crash.lobby', { lobbyId }, by(playerId))),
    open: async (playerId: Id, input: object) => open.output.parse(await call('crash.open', input, by(playerId))),
    setLimits: async (playerId: Id, input: object) =>
      setLimits.output.parse(await call('crash.setLimits', input, by(playerId))),
  }
}

/** A wallet and how services ask it. */
async function openBank(shared: {
  clock: ReturnType<typeof manualClock>
  database: TestDatabase
  topics: Topics
  nextId: () => Id
}) {
  const service = walletService({ currencies: CURRENCIES })
  const { kit } = await testKit('wallet', service.migrations, shared)
  const host = await createHost({
    services: [service],
    kit: () => kit,
    ...QUIET,
    freeze: true,
    clock: shared.clock,
  })
  let losing: string | undefined
  /** To the wallet, and to players who are called by their ids. */
  const link: Link = {
    async call(contract, procedure, input, context, caller) {
      if (contract.name === wallet.name) {
        const answer = await host.dispatch(wallet.name, procedure, input, context, caller)
        if (procedure !== losing) return answer
        losing = undefined
        throw core.UNAVAILABLE()
      }
      const { playerIds } = players.procedures.names.input.parse(input)
      return { names: Object.fromEntries(playerIds.map((playerId) => [playerId, `Player ${playerId}`])) }
    },
  }
  const ask = () => openContext({ caller: { kind: 'service', service: 'test' }, clock: shared.clock, log: quietLog })
  const tests = host.clients('test', { wallet }).wallet
  let gifts = 0
  const pool = shared.database.postgres.pool
  return {
    link,
    /** The next of these calls is done, and nobody hears of it. */
    loseNextAnswer(procedure: 'hold' | 'post'): void {
      losing = procedure
    },
    give: (playerId: Id, amount: number) => {
      const legs = [{ from: 'faucet' as const, to: playerAccount(playerId), currency: 'coins', amount }]
      return tests.transfer({ key: `gift-${++gifts}`, reason: 'test', legs }, ask())
    },
    /** What the player can spend, and what is set aside, in minor units. */
    async has(playerId: Id): Promise<[number | undefined, number | undefined]> {
      const { balances } = await tests.balancesOf({ playerId }, ask())
      return [balances[0]?.balance, balances[0]?.held]
    },
    /** All money there is: zero, always. */
    async sum(): Promise<number> {
      const { rows } = await pool.query<{ sum: string }>('select coalesce(sum(amount), 0) as sum from wallet.postings')
      return Number(rows[0]?.sum)
    },
  }
}

/** Time stands still while something is written, however long the machine takes. */
function counted(db: Database, writes: { open: number }): Database {
  return {
    ...db,
    async transaction(work) {
      writes.open++
      try {
        return await db.transaction(work)
      } finally {
        writes.open--
      }
    },
  }
}

function listened(topics: Topics, told: Told[]): Topics {
  return {
    ...topics,
    publish(topic, event, data) {
      told.push({ topic, event, data: structuredClone(data) })
      return topics.publish(topic, event, data)
    },
  }
}

export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'done',
    (error: { code?: unknown }) => error.code ?? error,
  )
}
