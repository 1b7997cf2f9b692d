import { crashErrors } from '@meydan/contracts/crash'
import type { Lease } from '@meydan/kernel/storage'
import { LEASE_MS, type Loop, TickLoop } from '@meydan/realtime/rooms'
import { chainFor } from './chain.ts'
import { HISTORY_MAX, LiveLobby, type LobbyParts } from './lobby.ts'
import { endLeftBehind } from './recovery.ts'
import { type CrashTables, claimLobby, findLobby, finishedRounds, lobbiesInPlay } from './store.ts'

/** A round costs a tick each 50 ms and a write each second; a process has hundreds of them to give. */
const LOBBIES_MAX = 200
const LOOK_AGAIN_MS = 50
const LATENESS_BUCKETS_S = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5]

/** Where a lobby is: in this process, or in that of this name. */
export type Found = LiveLobby | { readonly processId: string }

/** The lobbies that this process owns. A lobby has one owner: whoever is asked for one that nobody owns takes it. */
export interface Lobbies {
  /** At once, when it is here. */
  here(lobbyId: number): LiveLobby | undefined
  /** Takes it when nobody has it. Throws UNKNOWN_LOBBY, LOBBIES_FULL, LOBBY_MOVING. */
  reach(lobbyId: number): Promise<Found>
  /** Takes over lobbies with a round under way whose process is gone. */
  takeOverLost(): Promise<void>
  /** Lets rounds end, for at most so long. */
  drain(withinMs: number): Promise<void>
  stop(): Promise<void>
}

export interface LobbiesOptions {
  readonly processId: string
  /** One of its own unless given. */
  readonly loop?: Loop | undefined
}

const leaseName = (lobbyId: number): string => `crash:lobby:${lobbyId}`

export function createLobbies(
  parts: Omit<LobbyParts, 'letGo' | 'renew'>,
  { processId, loop: given }: LobbiesOptions,
): Lobbies {
  const { kit, rules } = parts
  const { leases, clock, log } = kit
  const db = kit.db.tables<CrashTables>()
  const lobbies = new Map<number, LiveLobby>()
  const taking = new Map<number, Promise<Found>>()
  const late = kit.metrics.histogram('meydan_crash_tick_lateness_seconds', 'How late lobbies tick', LATENESS_BUCKETS_S)
  kit.metrics.observe('meydan_crash_lobbies', 'Lobbies of this process that are awake', () => lobbies.size)
  const loop = given ?? new TickLoop(clock, (ms) => late(ms / 1_000))
  let isDraining = false

  const letGo = (lobby: LiveLobby): void => {
    lobby.leave()
    loop.remove(lobby)
    if (lobbies.get(lobby.lobbyId) === lobby) lobbies.delete(lobby.lobbyId)
    leases.release(lobby.lease).catch((error: unknown) => log.debug({ err: error }, 'a lease runs out by itself'))
  }

  const renew = async (lobby: LiveLobby): Promise<void> => {
    const untilMs = clock.monotonic() + LEASE_MS
    try {
      if (await leases.renew(lobby.lease, LEASE_MS)) lobby.validUntilMs = untilMs
      else letGo(lobby)
    } catch (error) {
      log.debug({ err: error, lobbyId: lobby.lobbyId }, 'a lease could not be renewed')
    }
  }

  const take = async (lobbyId: number): Promise<Found> => {
    const row = await findLobby(db, lobbyId)
    if (!row) throw crashErrors.UNKNOWN_LOBBY({ details: { field: 'lobbyId' } })
    const owner = await leases.holder(leaseName(lobbyId))
    if (owner && owner.owner !== processId) return { processId: owner.owner }
    if (isDraining) throw crashErrors.LOBBY_MOVING({ retryAfterS: 1 })
    if (lobbies.size >= LOBBIES_MAX) throw crashErrors.LOBBIES_FULL({ retryAfterS: 5 })
    const lease = await leases.acquire(leaseName(lobbyId), processId, LEASE_MS)
    if (!lease) throw crashErrors.LOBBY_MOVING({ retryAfterS: 1 })
    return own(row, lease)
  }

  const own = async (
    { lobby_id: lobbyId, waits_for_bet: waitsForBet }: { lobby_id: number; waits_for_bet: boolean },
    lease: Lease,
  ): Promise<LiveLobby> => {
    const fence = { lobbyId, token: lease.token }
    if (!(await claimLobby(db, fence))) throw crashErrors.LOBBY_MOVING({ retryAfterS: 1 })
    await endLeftBehind(parts, fence)
    const chain = await chainFor(kit, db, lobbyId, rules.chainRounds)
    const history = await finishedRounds(db, lobbyId, undefined, HISTORY_MAX)
    const validUntilMs = clock.monotonic() + LEASE_MS
    if (!(await leases.renew(lease, LEASE_MS))) throw crashErrors.LOBBY_MOVING({ retryAfterS: 1 })
    const lobby = new LiveLobby(
      { ...parts, letGo, renew: (it) => void renew(it) },
      { lobbyId, waitsForBet, lease, validUntilMs, chain, history },
    )
    lobbies.set(lobbyId, lobby)
    loop.add(lobby)
    return lobby
  }

  const reach = async (lobbyId: number): Promise<Found> => {
    const known = lobbies.get(lobbyId) ?? taking.get(lobbyId)
    if (known) return known
    const found = take(lobbyId).finally(() => taking.delete(lobbyId))
    taking.set(lobbyId, found)
    return found
  }

  return {
    here: (lobbyId) => lobbies.get(lobbyId),
    reach,
    async takeOverLost() {
      if (isDraining) return
      for (const lobbyId of await lobbiesInPlay(db)) {
        if (!lobbies.has(lobbyId))
          await reach(lobbyId).catch((error: unknown) =>
            log.debug({ err: error, lobbyId }, 'a lobby was not taken over'),
          )
      }
    },
    async drain(withinMs) {
      isDraining = true
      const untilMs = clock.monotonic() + withinMs
      for (const lobby of lobbies.values()) lobby.drain()
      while ([...lobbies.values()].some(({ isBetweenRounds }) => !isBetweenRounds) && clock.monotonic() < untilMs) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS))
      }
    },
    async stop() {
      const all = [...lobbies.values()]
      await Promise.allSettled(all.map((lobby) => lobby.handOver()))
      for (const lobby of all) letGo(lobby)
      loop.stop()
    },
  }
}
