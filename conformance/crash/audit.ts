import { createHash, createHmac } from 'node:crypto'
import type { Postgres } from '@meydan/drivers/postgres'
import { crashPoint, multiplierAt, payoutOf, reachedAtMs } from '@meydan/games/crash'
import type { Acknowledged } from './people.ts'

interface BetRow {
  readonly bet_id: string
  readonly round_id: string
  readonly player_id: string
  readonly amount: string
  readonly auto_cash_out: number | null
  readonly state: string
  readonly multiplier: string | null
  readonly payout: string
  readonly settled: boolean
  readonly hold_id: string | null
}
interface RoundRow {
  readonly round_id: string
  readonly number: number
  readonly state: string
  readonly proven_ms: number
  readonly multiplier: string
  readonly seed: Buffer
  readonly salt: string
  readonly rounds: number
}

type Ask = Pick<Postgres['pool'], 'query'>

/** Bets and holds that are still on their way. */
export async function underWay(pool: Ask): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(`
    select (select count(*) from crash.bets where not settled) + (select count(*) from wallet.holds where state = 'open') as count`)
  return Number(rows[0]?.count)
}

/** What is not as it should be once everything is settled; computed from what is stored, by the published rule and not by the code that settled. */
export async function findings(pool: Ask, { bets: acknowledged, cashedOut }: Acknowledged): Promise<string[]> {
  const { rows: bets } = await pool.query<BetRow>('select * from crash.bets')
  const { rows: rounds } = await pool.query<RoundRow>(`
    select round_id, number, state, proven_ms, multiplier, seed, salt, rounds from crash.rounds join crash.chains using (chain_id)
    where state in ('crashed', 'interrupted')`)
  const byRound = new Map(rounds.map((round) => [round.round_id, round]))
  const byId = new Map(bets.map((bet) => [bet.bet_id, bet]))
  return [
    ...bets.flatMap((bet) => wrongBy(bet, byRound.get(bet.round_id))),
    ...[...acknowledged.keys()]
      .filter((betId) => !byId.has(betId))
      .map((betId) => `bet ${betId} was acknowledged and is not there`),
    ...[...cashedOut.values()].flatMap(({ betId, multiplier, payout }) => {
      const bet = byId.get(betId)
      const isPaid = bet?.state === 'won' && Number(bet.multiplier) === multiplier && Number(bet.payout) === payout
      return isPaid ? [] : [`bet ${betId} was cashed out for ${payout}, and is ${JSON.stringify(bet)}`]
    }),
    ...(await wrongMoney(pool)),
  ]
}

function wrongBy(bet: BetRow, round: RoundRow | undefined): string[] {
  const { bet_id: betId, state, settled } = bet
  const [multiplier, payout, amount] = [Number(bet.multiplier), Number(bet.payout), Number(bet.amount)]
  const wrong = (why: string): string[] => [`bet ${betId}: ${why}: ${JSON.stringify({ bet, round: round?.state })}`]
  if (!settled) return wrong('is not settled')
  if (state === 'voided')
    return round?.state === 'crashed' && bet.hold_id !== null ? wrong('was voided in a round that crashed') : []
  if (!round) return wrong('ended without its round')
  const { crash, until } = endOf(round)
  const isDue = bet.auto_cash_out !== null && bet.auto_cash_out <= until
  if (state === 'lost') return round.state !== 'crashed' || isDue ? wrong('was lost') : []
  if (multiplier > crash || payout !== payoutOf(amount, multiplier)) return wrong('was paid wrongly')
  return isDue && multiplier > (bet.auto_cash_out ?? 0) ? wrong('was paid beyond its target') : []
}

/** Where the chain says that the round crashed, and how far it came. */
function endOf({ number, rounds, seed, salt, state, proven_ms: provenMs, multiplier }: RoundRow): {
  crash: number
  until: number
} {
  let hash = seed
  for (let at = rounds; at > number; at--) hash = createHash('sha256').update(hash).digest()
  const crash = crashPoint(createHmac('sha256', salt).update(hash).digest())
  const until = state === 'crashed' ? crash : multiplierAt(provenMs)
  if (Number(multiplier) !== until) throw new Error(`a round ended at ${multiplier} and not at ${until}`)
  if (state === 'interrupted' && reachedAtMs(crash) <= provenMs)
    throw new Error('a round was interrupted after it had crashed')
  return { crash, until }
}

/** Sums of the ledger, and what each player has against what their bets say. */
async function wrongMoney(pool: Ask): Promise<string[]> {
  const sums = await pool.query<{ currency: string; sum: string }>(
    'select currency, sum(amount) from wallet.postings join wallet.accounts using (account_id) group by currency having sum(amount) <> 0',
  )
  const twice = await pool.query<{ key: string }>(
    `select key from wallet.transfers where caller = 'crash' group by key having count(*) > 1`,
  )
  const players = await pool.query<{ owner: string; has: string; should: string }>(`
    select owner, balance as has, gifts.sum + coalesce(played.won, 0) as should from wallet.accounts
    join lateral (
      select sum(amount) from wallet.postings join wallet.transfers using (transfer_id)
      where postings.account_id = accounts.account_id and caller <> 'crash'
    ) as gifts on true
    left join (
      select player_id, sum(case state when 'won' then payout - amount when 'lost' then -amount else 0 end) as won from crash.bets group by player_id
    ) as played on owner = 'player:' || player_id
    where balance is not null and gifts.sum is not null and balance <> gifts.sum + coalesce(played.won, 0)`)
  return [
    ...sums.rows.map(({ currency, sum }) => `the ledger's ${currency} sum to ${sum}`),
    ...twice.rows.map(({ key }) => `${key} was done twice`),
    ...players.rows.map(({ owner, has, should }) => `${owner} has ${has} and should have ${should}`),
  ]
}
