import type { Id } from '@meydan/contracts/core'
import type { BetState, Chain, FinishedRound, Phase } from '@meydan/contracts/crash'
import { type Kysely, sql, type Transaction } from 'kysely'

type RoundState = 'betting' | 'rising' | 'crashed' | 'interrupted' | 'aborted'
export type RoundOutcome = Extract<RoundState, 'crashed' | 'interrupted'>

export interface CrashTables {
  lobbies: { lobby_id: number; waits_for_bet: boolean; fence: string }
  chains: {
    chain_id: Id
    lobby_id: number
    rounds: number
    seed: Buffer
    commitment: Buffer
    committed_at: Date
    salt: string | null
    salt_announced_at: Date | null
  }
  rounds: {
    round_id: Id
    lobby_id: number
    chain_id: Id
    number: number
    state: RoundState
    started_at: Date | null
    proven_ms: number
    hash: Buffer | null
    multiplier: string | null
    ended_at: Date | null
  }
  players: {
    player_id: Id
    user_number: number
    stake_per_day: string | null
    loss_per_day: string | null
    cool_off_until: Date | null
    next_stake_per_day: string | null
    next_loss_per_day: string | null
    next_from: Date | null
  }
  bets: {
    bet_id: Id
    round_id: Id
    lobby_id: number
    player_id: Id
    name: string
    key: string
    amount: string
    auto_cash_out: number | null
    state: BetState | 'placing'
    multiplier: string | null
    payout: string
    hold_id: Id | null
    at: Date
    ended_at: Date | null
    settled: boolean
  }
}
export type Db = Kysely<CrashTables>
export type Tx = Transaction<CrashTables>
export type ChainRow = CrashTables['chains']
export type RoundRow = CrashTables['rounds']

/** Whoever wrote this owns the lobby no more. */
export class Stale extends Error {
  constructor(lobbyId: number) {
    super(`lobby ${lobbyId} is another process's`)
    this.name = 'Stale'
  }
}

/** One write of the lobby's owner: all of it, or Stale and nothing when the lobby has a newer owner. */
export interface Fence {
  readonly lobbyId: number
  readonly token: bigint
}

export async function checkFence(tx: Tx, { lobbyId, token }: Fence): Promise<void> {
  const query = tx.selectFrom('lobbies').select('lobby_id').where('lobby_id', '=', lobbyId)
  const held = await query.where('fence', '=', String(token)).forShare().executeTakeFirst()
  if (!held) throw new Stale(lobbyId)
}

/** False for who comes with an older token than the lobby was owned under. */
export async function claimLobby(db: Db, { lobbyId, token }: Fence): Promise<boolean> {
  const query = db
    .updateTable('lobbies')
    .set({ fence: String(token) })
    .where('lobby_id', '=', lobbyId)
  const { numUpdatedRows } = await query.where('fence', '<=', String(token)).executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function addLobby(db: Db, waitsForBet: boolean): Promise<number> {
  for (;;) {
    // Somebody may have opened the next number by its name.
    const { rows } = await sql<{ lobby_id: number }>`
      insert into crash.lobbies (waits_for_bet) values (${waitsForBet}) on conflict do nothing returning lobby_id`.execute(
      db,
    )
    if (rows[0]) return rows[0].lobby_id
  }
}

export async function ensureLobby(db: Db, lobbyId: number, waitsForBet: boolean): Promise<void> {
  await sql`insert into crash.lobbies (lobby_id, waits_for_bet) values (${lobbyId}, ${waitsForBet}) on conflict do nothing`.execute(
    db,
  )
}

export async function findLobby(db: Db, lobbyId: number): Promise<CrashTables['lobbies'] | undefined> {
  return db.selectFrom('lobbies').selectAll().where('lobby_id', '=', lobbyId).executeTakeFirst()
}

/** Those in which a round is under way first, by its bets. */
export async function listLobbies(db: Db, limit: number): Promise<{ lobbyId: number; phase: Phase; bets: number }[]> {
  const { rows } = await sql<{ lobby_id: number; waits_for_bet: boolean; state: RoundState | null; bets: number }>`
    select lobby_id, waits_for_bet, live.state, coalesce(live.bets, 0)::int as bets
    from crash.lobbies left join (
      select lobby_id, state, (select count(*) from crash.bets where bets.round_id = rounds.round_id and bets.state <> 'placing') as bets
      from crash.rounds where state in ('betting', 'rising')
    ) as live using (lobby_id)
    order by live.bets desc nulls last, lobby_id limit ${limit}`.execute(db)
  return rows.map((row) => ({ lobbyId: row.lobby_id, phase: phaseOf(row), bets: row.bets }))
}

function phaseOf(row: { state: RoundState | null; waits_for_bet: boolean; bets: number }): Phase {
  if (row.state === 'rising') return 'rising'
  if (row.state === 'betting') return row.waits_for_bet && row.bets === 0 ? 'waiting' : 'betting'
  return row.waits_for_bet ? 'waiting' : 'crashed'
}

/** Lobbies with a round that is not over. */
export async function lobbiesInPlay(db: Db): Promise<number[]> {
  const rows = await db.selectFrom('rounds').select('lobby_id').where('state', 'in', ['betting', 'rising']).execute()
  return rows.map(({ lobby_id }) => lobby_id)
}

export async function insertChain(db: Db, row: Omit<ChainRow, 'salt' | 'salt_announced_at'>): Promise<void> {
  await db
    .insertInto('chains')
    .values({ ...row, salt: null, salt_announced_at: null })
    .execute()
}

/** False when it has a salt: that is never changed. */
export async function announceSalt(db: Db, chainId: Id, salt: string, at: Date): Promise<boolean> {
  const query = db.updateTable('chains').set({ salt, salt_announced_at: at }).where('chain_id', '=', chainId)
  const { numUpdatedRows } = await query.where('salt', 'is', null).executeTakeFirst()
  return numUpdatedRows > 0n
}

export type PlayedChain = ChainRow & { played: number }

export async function newestChain(db: Db, lobbyId: number): Promise<PlayedChain | undefined> {
  return chains(db).where('lobby_id', '=', lobbyId).orderBy('chain_id', 'desc').limit(1).executeTakeFirst()
}

export async function findChain(db: Db, chainId: Id): Promise<PlayedChain | undefined> {
  return chains(db).where('chain_id', '=', chainId).executeTakeFirst()
}

const chains = (db: Db) =>
  db
    .selectFrom('chains')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('rounds')
        .select((of) => of.fn.coalesce(of.fn.max('number'), sql<number>`0`).as('played'))
        .whereRef('rounds.chain_id', '=', 'chains.chain_id')
        .where('rounds.state', 'in', ['crashed', 'interrupted'])
        .$asScalar()
        .as('played'),
    )
    .$narrowType<{ played: number }>()

export function shownChain(row: PlayedChain): Chain {
  return {
    chainId: row.chain_id,
    lobbyId: row.lobby_id,
    rounds: row.rounds,
    played: row.played,
    commitment: row.commitment.toString('hex'),
    committedAt: row.committed_at.toISOString(),
    salt: row.salt,
    saltAnnouncedAt: row.salt_announced_at?.toISOString() ?? null,
  }
}

export async function insertRound(
  tx: Tx,
  row: Pick<RoundRow, 'round_id' | 'lobby_id' | 'chain_id' | 'number'>,
): Promise<void> {
  await tx
    .insertInto('rounds')
    .values({ ...row, state: 'betting', started_at: null, proven_ms: 0, hash: null, multiplier: null, ended_at: null })
    .execute()
}

export async function startRound(tx: Tx, roundId: Id, at: Date): Promise<void> {
  await tx.updateTable('rounds').set({ state: 'rising', started_at: at }).where('round_id', '=', roundId).execute()
}

/** That the round rose for so long, at least. */
export async function proveRound(tx: Tx, roundId: Id, provenMs: number): Promise<void> {
  const query = tx.updateTable('rounds').set({ proven_ms: sql<number>`greatest(proven_ms, ${provenMs}::int)` })
  await query.where('round_id', '=', roundId).where('state', '=', 'rising').execute()
}

export interface RoundEnd {
  readonly outcome: RoundOutcome
  readonly multiplier: number
  readonly hash: Buffer
  readonly at: Date
}

export async function endRound(tx: Tx, roundId: Id, { outcome, multiplier, hash, at }: RoundEnd): Promise<void> {
  const ended = { state: outcome, multiplier: String(multiplier), hash, ended_at: at }
  await tx.updateTable('rounds').set(ended).where('round_id', '=', roundId).execute()
}

export async function abortRound(tx: Tx, roundId: Id): Promise<void> {
  await tx.updateTable('rounds').set({ state: 'aborted' }).where('round_id', '=', roundId).execute()
}

/** The one that is not over. */
export async function liveRound(db: Db, lobbyId: number): Promise<RoundRow | undefined> {
  const query = db.selectFrom('rounds').selectAll().where('lobby_id', '=', lobbyId)
  return query.where('state', 'in', ['betting', 'rising']).executeTakeFirst()
}

export async function finishedRounds(
  db: Db,
  lobbyId: number,
  before: Id | undefined,
  limit: number,
): Promise<FinishedRound[]> {
  let query = db.selectFrom('rounds').select(['round_id', 'multiplier', 'ended_at']).where('lobby_id', '=', lobbyId)
  query = query.where('state', 'in', ['crashed', 'interrupted'])
  if (before !== undefined) query = query.where('round_id', '<', before)
  const rows = await query.orderBy('round_id', 'desc').limit(limit).execute()
  return rows.map(({ round_id, multiplier, ended_at }) => ({
    roundId: round_id,
    multiplier: Number(multiplier),
    endedAt: ended_at?.toISOString() ?? '',
  }))
}

export async function findRoundWithChain(
  db: Db,
  roundId: Id,
): Promise<{ round: RoundRow; chain: PlayedChain } | undefined> {
  const round = await db.selectFrom('rounds').selectAll().where('round_id', '=', roundId).executeTakeFirst()
  const chain = round && (await findChain(db, round.chain_id))
  return chain && { round, chain }
}
