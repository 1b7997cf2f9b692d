import { core, type Id } from '@meydan/contracts/core'
import { crash, crashErrors } from '@meydan/contracts/crash'
import type { Clients, Handlers, PlayerContext } from '@meydan/kernel/rpc'
import { betsOfPlayer, ownBet } from './bets.store.ts'
import { digestOf, sha256 } from './chain.ts'
import type { Lobbies } from './lobbies.ts'
import { LiveLobby } from './lobby.ts'
import { findPlayer, lockPlayers, playedSince, saveLimits } from './players.store.ts'
import { changed, dayStart, type Own, shownLimits } from './rules.ts'
import type { CrashKit } from './settling.ts'
import {
  addLobby,
  type CrashTables,
  ensureLobby,
  findLobby,
  findRoundWithChain,
  finishedRounds,
  listLobbies,
  newestChain,
  shownChain,
} from './store.ts'

const LISTED_MAX = 100
const UNLIMITED: Own = { stakePerDay: null, lossPerDay: null, coolOffUntilMs: null, next: null }

/** The crash game of another process, by its name. Throws LOBBY_MOVING for one that cannot be asked. */
export type CrashOf = (processId: string) => Clients<{ crash: typeof crash }>['crash']

export function crashHandlers(kit: CrashKit, lobbies: Lobbies, crashOf: CrashOf): Handlers<typeof crash> {
  const { clock } = kit
  const db = kit.db.tables<CrashTables>()

  /** Does it with the lobby here, or asks the process that has it. */
  const at = async <T>(
    lobbyId: number,
    { caller }: PlayerContext,
    here: (lobby: LiveLobby) => T | Promise<T>,
    there: (other: ReturnType<CrashOf>) => Promise<T>,
  ): Promise<T> => {
    const lobby = lobbies.here(lobbyId)
    if (lobby) return here(lobby)
    const found = await lobbies.reach(lobbyId)
    if (found instanceof LiveLobby) return here(found)
    // Whoever passed it on to this process was told of an owner that is one no more.
    if (caller.via === crash.name) throw crashErrors.LOBBY_MOVING({ retryAfterS: 1 })
    return there(crashOf(found.processId))
  }

  const limitsOf = async (playerId: Id) => {
    const nowMs = clock.now()
    const [player, today] = await Promise.all([findPlayer(db, playerId), todayOf(playerId, nowMs)])
    return shownLimits(player?.own ?? UNLIMITED, today, nowMs)
  }

  const todayOf = async (playerId: Id, nowMs: number) =>
    (await playedSince(db, [playerId], new Date(dayStart(nowMs)))).get(playerId) ?? { staked: 0, returned: 0 }

  const check = async (lobbyId: number): Promise<void> => {
    if (!(await findLobby(db, lobbyId))) throw crashErrors.UNKNOWN_LOBBY({ details: { field: 'lobbyId' } })
  }

  return {
    lobbies: async () => ({ lobbies: await listLobbies(db, LISTED_MAX) }),

    async open({ lobbyId: wanted, waitsForBet }, context) {
      checkOwn(context)
      if (wanted !== undefined) await ensureLobby(db, wanted, waitsForBet)
      const lobbyId = wanted ?? (await addLobby(db, waitsForBet))
      await lobbies.reach(lobbyId)
      return { lobbyId }
    },

    lobby({ lobbyId }, context) {
      const { playerId } = context.caller
      const view = (lobby: LiveLobby) => {
        lobby.look()
        return lobby.view(playerId)
      }
      return at(lobbyId, context, view, (other) => other.lobby({ lobbyId }, context))
    },

    async bet(input, context) {
      const receivedMs = clock.monotonic()
      checkOwn(context)
      const { lobbyId, key, amount, autoCashOut = null } = input
      const asked = { playerId: context.caller.playerId, key, amount, autoCashOut }
      return at(
        lobbyId,
        context,
        (lobby) => lobby.place(asked, receivedMs),
        (other) => other.bet(input, context),
      )
    },

    async cashOut({ lobbyId }, context) {
      const receivedMs = clock.monotonic()
      checkOwn(context)
      const { playerId } = context.caller
      return at(
        lobbyId,
        context,
        (lobby) => lobby.cashOut(playerId, receivedMs),
        (other) => other.cashOut({ lobbyId }, context),
      )
    },

    async mine({ before, limit }, { caller }) {
      return { bets: (await betsOfPlayer(db, caller.playerId, before, limit)).map(ownBet) }
    },

    async me(_, { caller: { playerId } }) {
      const known = await findPlayer(db, playerId)
      if (known) return { userNumber: known.userNumber }
      const made = await kit.db.transaction<CrashTables, ReadonlyMap<Id, { userNumber: number }>>((tx) =>
        lockPlayers(tx, [playerId]),
      )
      return { userNumber: made.get(playerId)?.userNumber ?? 0 }
    },

    async rounds({ lobbyId, before, limit }) {
      await check(lobbyId)
      return { rounds: await finishedRounds(db, lobbyId, before, limit) }
    },

    async chain({ lobbyId }) {
      const chain = await newestChain(db, lobbyId)
      // A lobby that was opened and never played has not committed to anything yet.
      if (!chain) throw crashErrors.UNKNOWN_LOBBY({ details: { field: 'lobbyId' } })
      return shownChain(chain)
    },

    async proof({ roundId }) {
      const found = await findRoundWithChain(db, roundId)
      if (!found) throw crashErrors.UNKNOWN_ROUND({ details: { field: 'roundId' } })
      const { round, chain } = found
      const { hash, multiplier, ended_at: endedAt, state } = round
      const isOver = state === 'crashed' || state === 'interrupted'
      if (!isOver || !hash || !endedAt || chain.salt === null) throw crashErrors.ROUND_NOT_OVER()
      return {
        roundId,
        lobbyId: round.lobby_id,
        number: round.number,
        hash: hash.toString('hex'),
        before: sha256(hash).toString('hex'),
        chain: shownChain(chain),
        hmac: digestOf(chain.salt, hash).toString('hex'),
        multiplier: Number(multiplier),
        endedAt: endedAt.toISOString(),
        outcome: state,
      }
    },

    limits: (_, { caller }) => limitsOf(caller.playerId),

    async setLimits({ coolOffDays, ...wanted }, context) {
      checkOwn(context)
      const { playerId } = context.caller
      await kit.db.transaction<CrashTables, void>(async (tx) => {
        const player = (await lockPlayers(tx, [playerId])).get(playerId)
        await saveLimits(tx, playerId, changed(player?.own ?? UNLIMITED, wanted, coolOffDays, clock.now()))
      })
      return limitsOf(playerId)
    },
  }
}

/** Throws FORBIDDEN for staff who look into somebody's account. */
function checkOwn({ caller }: PlayerContext): void {
  if (caller.actorId !== undefined)
    throw core.FORBIDDEN({ message: 'Staff who entered an account for a check may not play in its name.' })
}
