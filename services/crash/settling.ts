import { Fault, type Id } from '@meydan/contracts/core'
import { BET_ENDED, CRASH_CURRENCY } from '@meydan/contracts/crash'
import { players } from '@meydan/contracts/players'
import { playerAccount, wallet } from '@meydan/contracts/wallet'
import type { Job, Kit } from '@meydan/kernel/rpc'
import { type LiveBet, markSettled, ownBet, unsettledBets } from './bets.store.ts'
import type { CrashTables } from './store.ts'

export const crashCalls = { wallet, players }
export type CrashKit = Kit<typeof crashCalls>

/** Bets that are settled at once: as many calls as a process has open to another. */
const LANES = 64
const LEFT_BEHIND_MS = 5_000
const LEFT_BEHIND_MAX = 500
/** An installation that was away for days settles what was open then. */
const HOLD_MS = 7 * 24 * 60 * 60 * 1_000
const CALL_MS = 2_000

/** Sets a bet's stake aside, and gives the hold. The same for the same bet, however often it is asked. */
export async function holdStake(
  kit: CrashKit,
  { betId, playerId, amount }: Pick<LiveBet, 'betId' | 'playerId' | 'amount'>,
): Promise<Id> {
  const { transferId } = await kit.call.wallet.hold(
    {
      key: `bet:${betId}`,
      reason: 'crash.bet',
      account: playerAccount(playerId),
      currency: CRASH_CURRENCY,
      amount,
      expiresInMs: HOLD_MS,
    },
    kit.ownContext(CALL_MS),
  )
  return transferId
}

/** Moves the money of a bet that has ended to where it belongs, once. */
async function moveMoney(kit: CrashKit, bet: LiveBet): Promise<void> {
  const { betId, playerId, state, payout } = bet
  const holdId = bet.holdId ?? (await holdThatMayBe(kit, bet))
  if (holdId === undefined) return
  const asked = { key: `settle:${betId}`, reason: `crash.${state}`, holdId }
  const context = kit.ownContext(CALL_MS)
  if (state === 'voided') await kit.call.wallet.void(asked, context)
  else
    await kit.call.wallet.post(
      { ...asked, to: 'house', legs: state === 'won' ? [winnings(playerId, payout)] : [] },
      context,
    )
}

const winnings = (playerId: Id, amount: number) => ({
  from: 'house' as const,
  to: playerAccount(playerId),
  currency: CRASH_CURRENCY,
  amount,
})

/** Whether a hold was made whose answer was lost: asking again tells, and what is made now is given back like the other. */
async function holdThatMayBe(kit: CrashKit, bet: LiveBet): Promise<Id | undefined> {
  try {
    return await holdStake(kit, bet)
  } catch (error) {
    if (error instanceof Fault && error.code === 'INSUFFICIENT_FUNDS') return undefined
    throw error
  }
}

export interface Settler {
  /** Moves the money of these bets and tells their players. What fails is tried again by the job. */
  settle(bets: readonly LiveBet[]): Promise<void>
  readonly job: Job
}

export function createSettler(kit: CrashKit): Settler {
  const db = kit.db.tables<CrashTables>()

  const settleOne = async (bet: LiveBet): Promise<Id[]> => {
    try {
      await moveMoney(kit, bet)
      return [bet.betId]
    } catch (error) {
      kit.log.warn({ err: error, betId: bet.betId }, 'a bet could not be settled; it is tried again')
      return []
    }
  }

  const tell = (bet: LiveBet): void => {
    // Who never heard of the bet hears nothing of its end.
    if (bet.holdId === null) return
    kit.topics
      .publish(`user:${bet.playerId}`, BET_ENDED, { bet: ownBet(bet) })
      .catch((error: unknown) => kit.log.debug({ err: error }, 'a player was not told of the end of a bet'))
  }

  const settle = async (bets: readonly LiveBet[]): Promise<void> => {
    for (let from = 0; from < bets.length; from += LANES) {
      const some = bets.slice(from, from + LANES)
      const settled = (await Promise.all(some.map(settleOne))).flat()
      if (settled.length === 0) continue
      // The job may have been at the same bet: one of the two tells.
      const fresh = await markSettled(db, settled)
      for (const bet of some) if (fresh.has(bet.betId)) tell(bet)
    }
  }

  return {
    settle: (bets) =>
      settle(bets).catch((error: unknown) =>
        kit.log.warn({ err: error }, 'bets were not marked as settled; the job does it'),
      ),
    job: {
      name: 'settle-left-behind',
      everyMs: 1_000,
      run: async () => settle(await unsettledBets(db, new Date(kit.clock.now() - LEFT_BEHIND_MS), LEFT_BEHIND_MAX)),
    },
  }
}
