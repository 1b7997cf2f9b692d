import { AUTO_MAX } from '@meydan/contracts/crash'
import { lossLimit, Rising } from '@meydan/games/crash'
import { betsOfRound, loseRest, unsettledOfRound, voidRest, winBets } from './bets.store.ts'
import { hashesOf, resultOf } from './chain.ts'
import type { LobbyParts } from './lobby.ts'
import {
  abortRound,
  type CrashTables,
  checkFence,
  endRound,
  type Fence,
  findChain,
  liveRound,
  type RoundRow,
} from './store.ts'
import { Teller } from './telling.ts'

/**
 * Ends the round that a lobby's last owner left behind, by the published rule (C12 in the README): bets of one that did not rise yet go back. Of one that rose it is known until
 * when it surely did. If it crashed by then, it crashed; else it is interrupted at that moment: what was cashed out is paid, bets with a target that was
 * reached are paid it, and all others go back.
 */
export async function endLeftBehind(
  { kit, rules, settler }: Pick<LobbyParts, 'kit' | 'rules' | 'settler'>,
  fence: Fence,
): Promise<void> {
  const db = kit.db.tables<CrashTables>()
  const round = await liveRound(db, fence.lobbyId)
  if (!round) return
  const at = new Date(kit.clock.now())
  if (round.state === 'betting') {
    await kit.db.transaction<CrashTables, void>(async (tx) => {
      await checkFence(tx, fence)
      await voidRest(tx, round.round_id, at)
      await abortRound(tx, round.round_id)
    })
  } else {
    const end = await endOf(db, round, lossLimit(rules.bankroll, rules.kelly), rules.winMax)
    const { outcome, multiplier, hash } = end
    await kit.db.transaction<CrashTables, void>(async (tx) => {
      await checkFence(tx, fence)
      await winBets(tx, end.cashedOut, at)
      await (outcome === 'crashed' ? loseRest : voidRest)(tx, round.round_id, at)
      await endRound(tx, round.round_id, { outcome, multiplier, hash, at })
    })
    kit.log.info({ lobbyId: fence.lobbyId, roundId: round.round_id, outcome }, 'a round that was left behind was ended')
    const ended = {
      roundId: round.round_id,
      outcome,
      multiplier,
      hash,
      endedAt: at.toISOString(),
      nextAt: at.toISOString(),
    }
    new Teller(kit, fence.lobbyId).ended(ended)
  }
  void unsettledOfRound(db, round.round_id).then((bets) => settler.settle(bets))
}

async function endOf(db: Parameters<typeof findChain>[0], round: RoundRow, lossMax: number, winMax: number) {
  const chain = await findChain(db, round.chain_id)
  if (!chain || chain.salt === null) throw new Error(`round ${round.round_id} has no chain`)
  const hash = hashesOf(chain.seed, chain.rounds).at(round.number)
  const crashPoint = resultOf(chain.salt, hash)
  const bets = await betsOfRound(db, round.round_id)
  const open = bets.filter(({ state }) => state === 'open')
  const won = bets.filter(({ state }) => state === 'won')
  const rising = new Rising(crashPoint, open, { winMax, lossMax, multiplierMax: AUTO_MAX }, won)
  const { cashedOut } = rising.advance(Math.min(round.proven_ms, rising.crashMs))
  const outcome = round.proven_ms >= rising.crashMs ? ('crashed' as const) : ('interrupted' as const)
  return { outcome, multiplier: rising.multiplier, hash, cashedOut }
}
