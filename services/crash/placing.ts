import { Fault, type Id } from '@meydan/contracts/core'
import { crashErrors } from '@meydan/contracts/crash'
import { DELETED_PLAYER_NAME } from '@meydan/contracts/players'
import { type Batches, batched } from './batches.ts'
import { betsByKey, deleteBets, insertBets, type LiveBet, type NewBet, openBets, voidPlacing } from './bets.store.ts'
import { lockPlayers, type Player, playedSince } from './players.store.ts'
import { checkLimits, dayStart } from './rules.ts'
import { type CrashKit, holdStake } from './settling.ts'
import { type CrashTables, checkFence, type Fence, type Tx } from './store.ts'

/** What one transaction writes in some ten milliseconds. */
const BATCH_MAX = 250
const NAMES_MAX = 100

/** What came of a bet: it is open (or was placed before with the same key), or the fault that says why not. */
export type Placed = LiveBet | Fault

/**
 * Places bets for a lobby, many at a time: they are stored as `placing`, their stakes are set aside, and they are stored as open. Whatever ends this
 * process in between, what was stored says which stakes may have been set aside.
 */
export function createPlacing(kit: CrashKit, fence: Fence): Batches<NewBet, Placed> {
  const stored = batched<NewBet, Placed>((bets) => store(kit, fence, bets), BATCH_MAX)
  const opened = batched<Held, Placed>((held) => open(kit, fence, held), BATCH_MAX)
  return {
    async add(asked) {
      const bet = await stored.add(asked)
      if (bet instanceof Fault || bet.state !== 'placing') return bet
      return opened.add({ bet, hold: await holdOf(kit, bet) })
    },
    async idle() {
      await stored.idle()
      await opened.idle()
    },
  }
}

interface Held {
  readonly bet: LiveBet
  /** Its id, or why there is none. Of anything but a clear refusal it is not known whether there is one. */
  readonly hold: Id | Fault
}

async function holdOf(kit: CrashKit, bet: LiveBet): Promise<Id | Fault> {
  try {
    return await holdStake(kit, bet)
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}

async function store(kit: CrashKit, fence: Fence, bets: readonly NewBet[]): Promise<Placed[]> {
  const names = await namesOf(kit, bets)
  const nowMs = kit.clock.now()
  return kit.db.transaction<CrashTables, Placed[]>(async (tx) => {
    await checkFence(tx, fence)
    const players = await lockPlayers(
      tx,
      bets.map(({ playerId }) => playerId),
    )
    const refusals = await refusalsOf(tx, bets, players, nowMs)
    const before = new Map((await betsByKey(tx, bets)).map((bet) => [bet.playerId, bet]))
    const placed = bets.map((bet): Placed => {
      const earlier = before.get(bet.playerId)
      if (earlier) return sameOrFault(earlier, bet)
      const name = names.get(bet.playerId) ?? DELETED_PLAYER_NAME
      const userNumber = players.get(bet.playerId)?.userNumber ?? 0
      return (
        refusals.get(bet.playerId) ?? {
          ...bet,
          name,
          userNumber,
          state: 'placing',
          multiplier: null,
          payout: 0,
          holdId: null,
        }
      )
    })
    const isNew = (bet: Placed): bet is LiveBet => !(bet instanceof Fault) && bet.state === 'placing'
    const stored = await insertBets(tx, placed.filter(isNew))
    return placed.map((bet) => (isNew(bet) && !stored.has(bet.betId) ? crashErrors.BET_PLACED() : bet))
  })
}

/** The same bet for the same key; KEY_REUSED for another, or for one that was given up. */
export function sameOrFault(earlier: LiveBet, asked: Pick<NewBet, 'amount' | 'autoCashOut' | 'lobbyId'>): Placed {
  const { amount, autoCashOut, lobbyId, state } = earlier
  const isSame = amount === asked.amount && autoCashOut === asked.autoCashOut && lobbyId === asked.lobbyId
  if (isSame && state !== 'placing' && earlier.holdId !== null) return earlier
  return crashErrors.KEY_REUSED({ details: { field: 'key' } })
}

/** By player, why they may not bet. */
async function refusalsOf(
  tx: Tx,
  bets: readonly NewBet[],
  players: ReadonlyMap<Id, Player>,
  nowMs: number,
): Promise<Map<Id, Fault>> {
  const limited = bets.filter(({ playerId }) => isLimited(players.get(playerId)))
  const today = await playedSince(
    tx,
    limited.map(({ playerId }) => playerId),
    new Date(dayStart(nowMs)),
  )
  const refusals = new Map<Id, Fault>()
  for (const { playerId, amount } of limited) {
    const player = players.get(playerId)
    try {
      if (player) checkLimits(player.own, today.get(playerId) ?? { staked: 0, returned: 0 }, amount, nowMs)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      refusals.set(playerId, error)
    }
  }
  return refusals
}

function isLimited(player: Player | undefined): boolean {
  if (!player) return false
  const { stakePerDay, lossPerDay, coolOffUntilMs } = player.own
  return stakePerDay !== null || lossPerDay !== null || coolOffUntilMs !== null
}

async function open(kit: CrashKit, fence: Fence, held: readonly Held[]): Promise<Placed[]> {
  const opening = held.flatMap(({ bet: { betId }, hold }) => (hold instanceof Fault ? [] : [{ betId, holdId: hold }]))
  const failed = held.flatMap(({ bet: { betId }, hold }) => (hold instanceof Fault ? [{ betId, fault: hold }] : []))
  const [refused, doubtful] = [failed.filter(isRefusal), failed.filter((each) => !isRefusal(each))]
  await kit.db.transaction<CrashTables, void>(async (tx) => {
    await checkFence(tx, fence)
    await openBets(tx, opening)
    await deleteBets(
      tx,
      refused.map(({ betId }) => betId),
    )
    await voidPlacing(
      tx,
      doubtful.map(({ betId }) => betId),
      new Date(kit.clock.now()),
    )
  })
  return held.map(({ bet, hold }) => (hold instanceof Fault ? asked(hold) : { ...bet, state: 'open', holdId: hold }))
}

const isRefusal = ({ fault }: { fault: Fault }): boolean => fault.code === 'INSUFFICIENT_FUNDS'

/** The wallet's word, in this contract's. */
function asked(fault: Fault): Fault {
  return fault.code === 'INSUFFICIENT_FUNDS' ? crashErrors.INSUFFICIENT_FUNDS({ details: { field: 'amount' } }) : fault
}

async function namesOf(kit: CrashKit, bets: readonly NewBet[]): Promise<Map<Id, string>> {
  const names = new Map<Id, string>()
  for (let from = 0; from < bets.length; from += NAMES_MAX) {
    const playerIds = bets.slice(from, from + NAMES_MAX).map(({ playerId }) => playerId)
    const found = await kit.call.players.names({ playerIds }, kit.ownContext())
    for (const playerId of playerIds) {
      const name = found.names[playerId]
      if (name !== undefined) names.set(playerId, name)
    }
  }
  return names
}
