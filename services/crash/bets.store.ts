import type { Id } from '@meydan/contracts/core'
import type { Bet, BetState, OwnBet } from '@meydan/contracts/crash'
import { sql } from 'kysely'
import type { CrashTables, Db, Tx } from './store.ts'

/** A bet as it is stored, and in the memory of its lobby's owner. */
export interface LiveBet {
  readonly betId: Id
  readonly roundId: Id
  readonly lobbyId: number
  readonly playerId: Id
  readonly userNumber: number
  readonly name: string
  readonly key: string
  /** Minor units. */
  readonly amount: number
  /** Hundredths. */
  readonly autoCashOut: number | null
  readonly at: string
  state: BetState | 'placing'
  multiplier: number | null
  payout: number
  holdId: Id | null
}

export type NewBet = Pick<
  LiveBet,
  'betId' | 'roundId' | 'lobbyId' | 'playerId' | 'key' | 'amount' | 'autoCashOut' | 'at'
>

/** What everybody may see of it. It is open, or has ended. */
export function shownBet(bet: LiveBet): Bet {
  const { betId, playerId, userNumber, name, amount, state, multiplier, payout } = bet
  return { betId, playerId, userNumber, name, amount, state: state === 'placing' ? 'open' : state, multiplier, payout }
}

export function ownBet(bet: LiveBet): OwnBet {
  const { roundId, lobbyId, autoCashOut, at } = bet
  return { ...shownBet(bet), roundId, lobbyId, autoCashOut, at }
}

/** Gives those that were stored: not one whose key, or whose player in this round, has another bet. */
export async function insertBets(tx: Tx, bets: readonly LiveBet[]): Promise<Set<Id>> {
  const rows = bets.map((bet) => ({
    bet_id: bet.betId,
    round_id: bet.roundId,
    lobby_id: bet.lobbyId,
    player_id: bet.playerId,
    name: bet.name,
    key: bet.key,
    amount: String(bet.amount),
    auto_cash_out: bet.autoCashOut,
    at: bet.at,
  }))
  const { rows: stored } = await sql<{ bet_id: Id }>`
    insert into crash.bets (bet_id, round_id, lobby_id, player_id, name, key, amount, auto_cash_out, at)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row(
      bet_id bigint, round_id bigint, lobby_id integer, player_id bigint, name text, key text, amount bigint, auto_cash_out integer, at timestamptz
    ) on conflict do nothing returning bet_id`.execute(tx)
  return new Set(stored.map(({ bet_id }) => bet_id))
}

/** The money of these is set aside. */
export async function openBets(tx: Tx, held: readonly { betId: Id; holdId: Id }[]): Promise<void> {
  if (held.length === 0) return
  const [betIds, holdIds] = [held.map(({ betId }) => betId), held.map(({ holdId }) => holdId)]
  await sql`
    update crash.bets set state = 'open', hold_id = held.hold_id
    from unnest(${betIds}::bigint[], ${holdIds}::bigint[]) as held (bet_id, hold_id)
    where bets.bet_id = held.bet_id and state = 'placing'`.execute(tx)
}

/** Nothing was set aside for these, and nobody knows of them. */
export async function deleteBets(tx: Tx, betIds: readonly Id[]): Promise<void> {
  if (betIds.length === 0) return
  await sql`delete from crash.bets where bet_id = any(${betIds}::bigint[]) and state = 'placing'`.execute(tx)
}

/** For these it is not known whether their money was set aside: they are settled as if it was. */
export async function voidPlacing(tx: Tx, betIds: readonly Id[], at: Date): Promise<void> {
  if (betIds.length === 0) return
  await sql`
    update crash.bets set state = 'voided', payout = amount, ended_at = ${at}
    where bet_id = any(${betIds}::bigint[]) and state = 'placing'`.execute(tx)
}

export interface Won {
  readonly betId: Id
  readonly multiplier: number
  readonly payout: number
}

export async function winBets(tx: Tx, won: readonly Won[], at: Date): Promise<void> {
  if (won.length === 0) return
  const column = (read: (bet: Won) => string | number): (string | number)[] => won.map(read)
  await sql`
    update crash.bets set state = 'won', multiplier = won.multiplier, payout = won.payout, ended_at = ${at}
    from unnest(
      ${column(({ betId }) => betId)}::bigint[], ${column(({ multiplier }) => multiplier)}::bigint[], ${column(({ payout }) => payout)}::bigint[]
    ) as won (bet_id, multiplier, payout)
    where bets.bet_id = won.bet_id and state = 'open'`.execute(tx)
}

/** What is still open is lost; what was never opened is voided. */
export async function loseRest(tx: Tx, roundId: Id, at: Date): Promise<void> {
  await sql`
    update crash.bets set ended_at = ${at},
      state = case state when 'open' then 'lost' else 'voided' end,
      payout = case state when 'open' then 0 else amount end
    where round_id = ${roundId} and state in ('open', 'placing')`.execute(tx)
}

/** All that is still open or being placed goes back. */
export async function voidRest(tx: Tx, roundId: Id, at: Date): Promise<void> {
  await sql`
    update crash.bets set state = 'voided', payout = amount, ended_at = ${at}
    where round_id = ${roundId} and state in ('open', 'placing')`.execute(tx)
}

export async function betsOfRound(db: Db, roundId: Id): Promise<LiveBet[]> {
  return (await bets(db).where('round_id', '=', roundId).orderBy('bet_id').execute()).map(liveBet)
}

/** Those of them that were placed before with the same key. */
export async function betsByKey(db: Db, keys: readonly Pick<NewBet, 'playerId' | 'key'>[]): Promise<LiveBet[]> {
  const playerIds = keys.map(({ playerId }) => playerId)
  const texts = keys.map(({ key }) => key)
  const asked = sql<boolean>`(bets.player_id, bets.key) in (select * from unnest(${playerIds}::bigint[], ${texts}::text[]))`
  return (await bets(db).where(asked).execute()).map(liveBet)
}

/** A player's that were acknowledged, newest first. */
export async function betsOfPlayer(db: Db, playerId: Id, before: Id | undefined, limit: number): Promise<LiveBet[]> {
  let query = bets(db).where('bets.player_id', '=', playerId).where('hold_id', 'is not', null)
  if (before !== undefined) query = query.where('bet_id', '<', before)
  return (await query.orderBy('bet_id', 'desc').limit(limit).execute()).map(liveBet)
}

/** Bets that ended before a moment and whose money has not gone where it belongs. */
export async function unsettledBets(db: Db, before: Date, limit: number): Promise<LiveBet[]> {
  const query = bets(db).where('ended_at', '<', before).where('settled', '=', false)
  return (await query.orderBy('ended_at').limit(limit).execute()).map(liveBet)
}

export async function unsettledOfRound(db: Db, roundId: Id): Promise<LiveBet[]> {
  const query = bets(db).where('round_id', '=', roundId).where('ended_at', 'is not', null)
  return (await query.where('settled', '=', false).orderBy('bet_id').execute()).map(liveBet)
}

/** Gives those that were not settled before. */
export async function markSettled(db: Db, betIds: readonly Id[]): Promise<Set<Id>> {
  const { rows } = await sql<{ bet_id: Id }>`
    update crash.bets set settled = true where bet_id = any(${betIds}::bigint[]) and not settled returning bet_id`.execute(
    db,
  )
  return new Set(rows.map(({ bet_id }) => bet_id))
}

export async function renameBets(db: Db, playerId: Id, name: string): Promise<void> {
  await db.updateTable('bets').set({ name }).where('player_id', '=', playerId).execute()
}

const bets = (db: Db) =>
  db
    .selectFrom('bets')
    .innerJoin('players', 'players.player_id', 'bets.player_id')
    .selectAll('bets')
    .select('players.user_number')

function liveBet(row: CrashTables['bets'] & { user_number: number }): LiveBet {
  return {
    betId: row.bet_id,
    roundId: row.round_id,
    lobbyId: row.lobby_id,
    playerId: row.player_id,
    userNumber: row.user_number,
    name: row.name,
    key: row.key,
    amount: Number(row.amount),
    autoCashOut: row.auto_cash_out,
    at: row.at.toISOString(),
    state: row.state,
    multiplier: row.multiplier === null ? null : Number(row.multiplier),
    payout: Number(row.payout),
    holdId: row.hold_id,
  }
}
