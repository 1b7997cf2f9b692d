import {
  BET_ENDED,
  CRASH_BETS,
  CRASH_BETTING,
  CRASH_CASHED_OUT,
  CRASH_ENDED,
  CRASH_STARTED,
  CRASH_TICK,
  crashTicksTopic,
  crashTopic,
  type Lobby,
  type OwnBet,
} from '@meydan/contracts/crash'
import { multiplierAt, reachedAtMs } from '@meydan/games/crash'
import { client } from '../client.ts'
import { often } from '../often.ts'
import { patiently } from '../patience.ts'
import { RoundClock } from './clock.ts'
import { type LobbyState, OWN_BET, stateAfter, stateOf, type Told } from './state.ts'

/** A lobby that nobody asks for sleeps after a minute; looking also mends what was missed, should anything ever be. */
const LOOK_EVERY_MS = 45_000
/** Far more than is told while a look is answered. */
const HEARD_MAX = 256
/** The answer to a bet comes this soon; one that is still unknown then was placed on another device of the player's. */
const ANSWER_MS = 1_500

export interface LobbyShown {
  /** As it was last read: its settings and its chain; null until then. */
  readonly lobby: Lobby | null
  readonly state: LobbyState | null
  /** Why it could not be read. */
  readonly error: unknown
}

/** One lobby as the server tells it, for as long as it is open. */
export class LobbyLine {
  shown: LobbyShown = { lobby: null, state: null, error: null }
  readonly #lobbyId: number
  readonly #listeners = new Set<() => void>()
  #clock: { readonly roundId: string; readonly time: RoundClock } | undefined
  /** What was told last: the answer to a look may be older than that, or newer. */
  #heard: Told[] = []
  /** What ends what is open; undefined while nothing is. */
  #leaves: (() => void)[] | undefined
  #watching: Promise<void> | undefined

  constructor(lobbyId: number) {
    this.#lobbyId = lobbyId
  }

  /** Gives what closes it. */
  open(): () => void {
    const look = (): void => void this.look()
    const lookIfSeen = (): void => {
      if (!document.hidden) look()
    }
    this.#leaves = [...this.#listen(), client.onResync(look), often(LOOK_EVERY_MS, lookIfSeen)]
    look()
    return () => {
      for (const leave of this.#leaves ?? []) leave()
      this.#leaves = undefined
      this.#watching = undefined
    }
  }

  readonly onChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Reads the lobby as it is now. */
  async look(): Promise<void> {
    try {
      const lobby = await patiently(async () => {
        // What is told after the answer is heard.
        await this.#watch()
        return client.call.crash.lobby({ lobbyId: this.#lobbyId })
      })
      const { round } = lobby
      if (round && round.elapsedMs !== null && round.phase === 'rising') this.#hearTime(round.roundId, round.elapsedMs)
      const state = this.#heard.reduce<LobbyState>((now, told) => stateAfter(now, told) ?? now, stateOf(lobby))
      this.#show({ lobby, state, error: null })
    } catch (error) {
      this.#show({ error })
    }
  }

  /** How the player's own bet stands, by an answer. */
  own(bet: OwnBet): void {
    this.#hear({ event: OWN_BET, data: bet })
  }

  /** For how long the round has been rising at a moment of `performance.now()`, ms; at its end for how long it rose; 0 before. */
  elapsedMs(nowMs: number): number {
    const round = this.shown.state?.round
    if (round?.crashedAt != null) return reachedAtMs(round.crashedAt)
    return round?.phase === 'rising' && this.#clock?.roundId === round.roundId ? this.#clock.time.at(nowMs) : 0
  }

  /** Where the round is, in hundredths. */
  multiplier(nowMs: number): number {
    return this.shown.state?.round?.crashedAt ?? multiplierAt(Math.floor(this.elapsedMs(nowMs)))
  }

  /** Once, and again after it has failed. */
  #watch(): Promise<void> {
    this.#watching ??= this.#watchTopics().catch((error: unknown) => {
      this.#watching = undefined
      throw error
    })
    return this.#watching
  }

  async #watchTopics(): Promise<void> {
    await client.connect()
    for (const topic of [crashTopic(this.#lobbyId), crashTicksTopic(this.#lobbyId)]) {
      const leave = await client.watch(topic)
      if (this.#leaves) this.#leaves.push(leave)
      else leave()
    }
  }

  #listen(): (() => void)[] {
    const isHere = ({ topic }: { topic: string }): boolean => topic === crashTopic(this.#lobbyId)
    return [
      client.on(CRASH_BETTING, (data, frame) => isHere(frame) && this.#hear({ event: CRASH_BETTING, data })),
      client.on(CRASH_BETS, (data, frame) => {
        if (!isHere(frame)) return
        this.#hear({ event: CRASH_BETS, data })
        if (data.bets.some(({ playerId }) => playerId === client.player?.playerId)) this.#lookForOwn()
      }),
      client.on(CRASH_STARTED, (data, frame) => {
        if (!isHere(frame)) return
        this.#hearTime(data.roundId, data.elapsedMs)
        this.#hear({ event: CRASH_STARTED, data })
      }),
      client.on(CRASH_CASHED_OUT, (data, frame) => isHere(frame) && this.#hear({ event: CRASH_CASHED_OUT, data })),
      client.on(CRASH_ENDED, (data, frame) => isHere(frame) && this.#hear({ event: CRASH_ENDED, data })),
      client.on(CRASH_TICK, (data, { topic }) => {
        if (topic === crashTicksTopic(this.#lobbyId)) this.#hearTime(data.roundId, data.elapsedMs)
      }),
      client.on(BET_ENDED, ({ bet }) => {
        if (bet.lobbyId === this.#lobbyId) this.#hear({ event: OWN_BET, data: bet })
      }),
    ]
  }

  #lookForOwn(): void {
    setTimeout(() => {
      if (this.#leaves && !this.shown.state?.round?.mine) void this.look()
    }, ANSWER_MS)
  }

  #hearTime(roundId: string, elapsedMs: number): void {
    if (this.#clock?.roundId !== roundId) this.#clock = { roundId, time: new RoundClock() }
    this.#clock.time.hear(elapsedMs, performance.now())
  }

  #hear(told: Told): void {
    this.#heard = [...this.#heard.slice(1 - HEARD_MAX), told]
    const { state } = this.shown
    if (!state) return
    const next = stateAfter(state, told)
    if (next) this.#show({ state: next })
    else void this.look()
  }

  #show(part: Partial<LobbyShown>): void {
    this.shown = { ...this.shown, ...part }
    for (const listener of this.#listeners) listener()
  }
}
