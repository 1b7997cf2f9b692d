import { setTimeout as delay } from 'node:timers/promises'
import { core, Fault, type Id } from '@meydan/contracts/core'
import {
  AUTO_MAX,
  BETS_SHOWN_MAX,
  crashErrors,
  type FinishedRound,
  type Lobby,
  type OwnBet,
} from '@meydan/contracts/crash'
import { type CashedOut, lossLimit, payableUpTo, Rising } from '@meydan/games/crash'
import type { Lease } from '@meydan/kernel/storage'
import { LEASE_MS, type Ticking } from '@meydan/realtime/rooms'
import { type Batches, batched } from './batches.ts'
import { type LiveBet, loseRest, ownBet, shownBet, winBets } from './bets.store.ts'
import { chainFor, type PlayableChain, resultOf } from './chain.ts'
import { createPlacing, type Placed, sameOrFault } from './placing.ts'
import { ended, newRound, type Playing, SHOWN, type Stage } from './playing.ts'
import type { CrashRules } from './settings.ts'
import type { CrashKit, Settler } from './settling.ts'
import {
  abortRound,
  type CrashTables,
  checkFence,
  endRound,
  type Fence,
  insertRound,
  proveRound,
  Stale,
  shownChain,
  startRound,
  type Tx,
} from './store.ts'
import { Teller } from './telling.ts'

/** A lobby in which nobody has been interested for so long begins no new round. */
const AWAKE_MS = 60_000
const PROVE_EVERY_MS = 1_000
const RENEW_EVERY_MS = LEASE_MS / 4
const CASH_OUTS_BATCH_MAX = 1_000
const RETRY_MS = 200
/** With all in, each bet could still win so much (hundredths); a bet beyond that is refused. */
const PAYABLE_MIN = 200
export const HISTORY_MAX = 50

export interface LobbyParts {
  readonly kit: CrashKit
  readonly rules: CrashRules
  readonly settler: Settler
  /** The lobby is not this process's any more, or wants to sleep. */
  readonly letGo: (lobby: LiveLobby) => void
  /** Asks for more time; or lets it go when it is another's. */
  readonly renew: (lobby: LiveLobby) => void
}

export interface LobbyState {
  readonly lobbyId: number
  readonly waitsForBet: boolean
  readonly lease: Lease
  /** Until when the lobby is surely nobody else's (monotonic). */
  readonly validUntilMs: number
  readonly chain: PlayableChain
  readonly history: FinishedRound[]
}

/**
 * A lobby that this process owns, as long as its lease says so: rounds, one after the other. The server's clock decides, and what it decides is told only
 * when it is stored; each write checks the fencing token.
 */
export class LiveLobby implements Ticking {
  readonly lobbyId: number
  readonly tickMs: number
  lease: Lease
  validUntilMs: number
  #renewAtMs: number
  readonly #parts: LobbyParts
  readonly #waitsForBet: boolean
  readonly #fence: Fence
  readonly #placing
  readonly #cashOuts: Batches<CashedOut, LiveBet>
  readonly #teller: Teller
  readonly #history: FinishedRound[]
  #chain: PlayableChain
  #stage: Stage = 'opening'
  #round: Playing | undefined
  /** Resolves when bets are taken again, or the lobby is let go. */
  #reopened = Promise.withResolvers<void>()
  #nextAtMs: number
  #provenAtMs = 0
  #lookedMs: number
  #isDraining = false

  constructor(parts: LobbyParts, { lobbyId, waitsForBet, lease, validUntilMs, chain, history }: LobbyState) {
    this.#parts = parts
    this.lobbyId = lobbyId
    this.tickMs = parts.rules.tickMs
    this.lease = lease
    this.validUntilMs = validUntilMs
    this.#waitsForBet = waitsForBet
    this.#fence = { lobbyId, token: lease.token }
    this.#placing = createPlacing(parts.kit, this.#fence)
    this.#cashOuts = batched((cashed) => this.#storeCashOuts(cashed), CASH_OUTS_BATCH_MAX)
    this.#teller = new Teller(parts.kit, lobbyId)
    this.#chain = chain
    this.#history = history
    this.#renewAtMs = this.#now
    this.#nextAtMs = this.#now
    this.#lookedMs = this.#now
    this.#stage = 'crashed'
  }

  get isBetweenRounds(): boolean {
    return this.#stage === 'crashed' || this.#stage === 'waiting' || this.#stage === 'gone'
  }

  /** Somebody is interested: it goes on for a minute. */
  look(): void {
    this.#lookedMs = this.#now
  }

  /** Begins no new round. */
  drain(): void {
    this.#isDraining = true
  }

  /** Does nothing any more: it is another's, or nobody's. */
  leave(): void {
    this.#stage = 'gone'
    this.#reopened.resolve()
  }

  /** Proves for how long the round rose, for whoever takes it over. */
  async handOver(): Promise<void> {
    const round = this.#round
    if (this.#stage === 'rising' && round) await this.#prove(round, this.#elapsed(round))
    this.leave()
  }

  tick(): void {
    if (this.#stage === 'gone') return
    const now = this.#now
    if (now >= this.validUntilMs) {
      this.#parts.letGo(this)
      return
    }
    if (now >= this.#renewAtMs) {
      this.#renewAtMs = now + RENEW_EVERY_MS
      this.#parts.renew(this)
    }
    this.#teller.flush(now, this.#round)
    const round = this.#round
    if (this.#stage === 'crashed' && now >= this.#nextAtMs) this.#next()
    else if (this.#stage === 'waiting' && round && !this.#isAwake && round.bets.size + round.placing.size === 0)
      this.#sleep(round)
    else if (this.#stage === 'betting' && round && now >= (round.bettingEndsMs ?? now))
      this.#through('starting', () => this.#start(round))
    else if (this.#stage === 'rising' && round?.rising) this.#rise(round, round.rising)
  }

  /** The lobby as this player may see it. */
  view(playerId: Id): Lobby {
    const { clock } = this.#parts.kit
    const { pauseMs, tickMs, betMin, betMax, winMax } = this.#parts.rules
    const round = this.#round
    const mine = round?.byPlayer.get(playerId)
    return {
      lobbyId: this.lobbyId,
      settings: { bettingMs: this.#bettingMs, pauseMs, tickMs, waitsForBet: this.#waitsForBet, betMin, betMax, winMax },
      chain: shownChain(this.#chain.row),
      round: round ? this.#shownRound(round) : null,
      mine: mine ? ownBet(mine) : null,
      history: [...this.#history],
      serverTime: new Date(clock.now()).toISOString(),
    }
  }

  /**
   * Places a bet that came at `receivedMs` (monotonic). The same bet for the same key. Where rounds begin with a bet, one that comes in the pause
   * ends it, and waits while the next round is being opened.
   */
  async place(
    asked: { playerId: Id; key: string; amount: number; autoCashOut: number | null },
    receivedMs: number,
  ): Promise<OwnBet> {
    this.look()
    if (this.#waitsForBet && (this.#stage === 'crashed' || this.#stage === 'opening')) {
      this.#nextAtMs = this.#now
      await this.#reopened.promise
    }
    if (this.#isGone) throw crashErrors.LOBBY_MOVING({ retryAfterS: 1 })
    const round = this.#round
    const placing = round?.placing.get(asked.playerId)
    if (placing) return ownBet(this.#same(await placing.placed, asked))
    const placed = round?.byPlayer.get(asked.playerId)
    if (placed && placed.key === asked.key) return ownBet(this.#same(placed, asked))
    if (placed && this.#takesBets(round, receivedMs)) throw crashErrors.BET_PLACED()
    if (!round || !this.#takesBets(round, receivedMs)) throw crashErrors.ROUND_STARTED()
    this.#checkAmount(round, asked.amount)
    const placedBet = this.#place(round, asked).finally(() => round.placing.delete(asked.playerId))
    round.placing.set(asked.playerId, { key: asked.key, placed: placedBet })
    return ownBet(await placedBet)
  }

  /** Cashes out the player's bet at the multiplier of `receivedMs` (monotonic). The same answer for who asks again. */
  async cashOut(playerId: Id, receivedMs: number): Promise<OwnBet> {
    const round = this.#round
    const bet = round?.byPlayer.get(playerId)
    if (!round || !bet) throw crashErrors.NO_BET()
    if (this.#stage === 'waiting' || this.#stage === 'betting' || this.#stage === 'starting')
      throw crashErrors.NOT_RISING()
    if (this.#stage === 'rising' && round.rising) this.#cashOut(round, round.rising, bet, receivedMs)
    try {
      return ownBet(await (round.cashing.get(bet.betId) ?? ended(bet)))
    } catch (error) {
      throw this.#whyNot(error)
    }
  }

  get #now(): number {
    return this.#parts.kit.clock.monotonic()
  }

  get #isAwake(): boolean {
    return this.#now - this.#lookedMs < AWAKE_MS
  }

  get #bettingMs(): number {
    const { bettingMs, firstBetMs } = this.#parts.rules
    return this.#waitsForBet ? firstBetMs : bettingMs
  }

  #elapsed(round: Playing, atMs = this.#now): number {
    return Math.max(0, Math.floor(atMs - round.startedMs))
  }

  #takesBets(round: Playing | undefined, atMs: number): boolean {
    if (this.#stage === 'waiting') return true
    return this.#stage === 'betting' && atMs < (round?.bettingEndsMs ?? Number.POSITIVE_INFINITY)
  }

  #same(bet: LiveBet, asked: { key: string; amount: number; autoCashOut: number | null }): LiveBet {
    if (bet.key !== asked.key) throw crashErrors.BET_PLACED()
    const same = sameOrFault(bet, { ...asked, lobbyId: this.lobbyId })
    if (same instanceof Fault) throw same
    return same
  }

  #checkAmount({ staked }: Playing, amount: number): void {
    const { betMin, betMax, bankroll, kelly } = this.#parts.rules
    if (amount < betMin) throw crashErrors.BET_TOO_SMALL({ details: { field: 'amount', min: betMin } })
    if (amount > betMax) throw crashErrors.BET_TOO_LARGE({ details: { field: 'amount', max: betMax } })
    const all = staked + amount
    const payable = payableUpTo({ staked: all, open: all, paid: 0 }, lossLimit(bankroll, kelly))
    if (payable < PAYABLE_MIN) throw crashErrors.HOUSE_LIMIT({ details: { field: 'amount' } })
  }

  async #place(
    round: Playing,
    { playerId, key, amount, autoCashOut }: { playerId: Id; key: string; amount: number; autoCashOut: number | null },
  ): Promise<LiveBet> {
    const { kit } = this.#parts
    round.staked += amount
    const { roundId } = round
    const { lobbyId } = this
    const at = new Date(kit.clock.now()).toISOString()
    const bet = { betId: kit.nextId(), roundId, lobbyId, playerId, key, amount, autoCashOut, at }
    const placed = await this.#placing.add(bet).catch((error: unknown): Placed => this.#whyNot(error))
    if (placed instanceof Fault || placed.betId !== bet.betId) round.staked -= amount
    if (placed instanceof Fault) throw placed
    // Placed before, in another round: only the answer is given again.
    if (placed.betId !== bet.betId) return placed
    round.bets.set(placed.betId, placed)
    round.byPlayer.set(playerId, placed)
    this.#teller.placed(placed, round.bets.size)
    if (this.#stage === 'waiting') this.#beginBetting(round)
    return placed
  }

  /** Stale is the lobby's end here; anything else may pass. */
  #whyNot(error: unknown): Fault {
    if (error instanceof Fault) return error
    if (error instanceof Stale) {
      this.#parts.letGo(this)
      return crashErrors.LOBBY_MOVING({ retryAfterS: 1 })
    }
    this.#parts.kit.log.warn({ err: error, lobbyId: this.lobbyId }, 'something of a lobby could not be stored')
    return core.UNAVAILABLE({ retryAfterS: 1, cause: error })
  }

  #next(): void {
    if (this.#isDraining) return
    if (this.#isAwake) this.#through('opening', () => this.#open())
    else this.#parts.letGo(this)
  }

  /** A round that nobody has bet on is given up, and with it the lobby, until somebody asks for it. */
  #sleep({ roundId }: Playing): void {
    this.#through('ending', async () => {
      await this.#write((tx) => abortRound(tx, roundId))
      this.#parts.letGo(this)
    })
  }

  /** From one stage to the next by work that waits. */
  #through(stage: Stage, work: () => Promise<void>): void {
    this.#stage = stage
    work().catch((error: unknown) => {
      if (!(error instanceof Stale))
        this.#parts.kit.log.error({ err: error, lobbyId: this.lobbyId }, 'a lobby broke off')
      this.#parts.letGo(this)
    })
  }

  async #open(): Promise<void> {
    const { kit, rules } = this.#parts
    if (this.#chain.row.played >= this.#chain.row.rounds) {
      this.#chain = await chainFor(kit, kit.db.tables<CrashTables>(), this.lobbyId, rules.chainRounds)
    }
    const { row, hashes, salt } = this.#chain
    const number = row.played + 1
    const roundId = kit.nextId()
    await this.#write((tx) =>
      insertRound(tx, { round_id: roundId, lobby_id: this.lobbyId, chain_id: row.chain_id, number }),
    )
    const hash = hashes.at(number)
    const round = newRound({ roundId, number, hash, crashPoint: resultOf(salt, hash) })
    if (this.#isGone) return
    this.#round = round
    if (!this.#waitsForBet) return this.#beginBetting(round)
    this.#stage = 'waiting'
    this.#reopened.resolve()
    this.#reopened = Promise.withResolvers()
    this.#teller.betting(roundId, null, this.#bettingMs)
  }

  #beginBetting(round: Playing): void {
    this.#stage = 'betting'
    round.bettingEndsMs = this.#now + this.#bettingMs
    this.#teller.betting(round.roundId, this.#wallOf(round.bettingEndsMs), this.#bettingMs)
  }

  /** Bets that came in time are waited for. The clock starts when that is stored. */
  async #start(round: Playing): Promise<void> {
    const { kit, rules } = this.#parts
    await Promise.allSettled([...round.placing.values()].map(({ placed }) => placed))
    await this.#write((tx) => startRound(tx, round.roundId, new Date(kit.clock.now())))
    if (this.#isGone) return
    const lossMax = lossLimit(rules.bankroll, rules.kelly)
    const limits = { winMax: rules.winMax, lossMax, multiplierMax: AUTO_MAX }
    round.rising = new Rising(round.crashPoint, [...round.bets.values()], limits)
    round.startedMs = this.#now
    this.#provenAtMs = this.#now
    this.#stage = 'rising'
    this.#teller.flushNow(round)
    this.#teller.started(round.roundId, this.#wallOf(round.startedMs))
  }

  #rise(round: Playing, rising: Rising): void {
    const elapsedMs = this.#elapsed(round)
    const { cashedOut, crashed } = rising.advance(elapsedMs)
    for (const each of cashedOut) this.#record(round, each)
    if (crashed) this.#through('ending', () => this.#end(round))
    else this.#goOn(round, elapsedMs, rising.multiplier)
  }

  #goOn(round: Playing, elapsedMs: number, multiplier: number): void {
    this.#teller.tick(round.roundId, elapsedMs, multiplier)
    if (this.#now - this.#provenAtMs < PROVE_EVERY_MS) return
    this.#provenAtMs = this.#now
    this.#prove(round, elapsedMs).catch((error: unknown) => this.#whyNot(error))
  }

  #cashOut(round: Playing, rising: Rising, bet: LiveBet, receivedMs: number): void {
    const { cashedOut } = rising.advance(this.#elapsed(round, receivedMs))
    for (const each of cashedOut) this.#record(round, each)
    const cashed = rising.cashOut(bet.betId)
    if (cashed === 'crashed') throw crashErrors.TOO_LATE()
    if (cashed !== 'no-bet') this.#record(round, cashed)
  }

  #record(round: Playing, cashed: CashedOut): void {
    const stored = this.#cashOuts.add(cashed)
    // Whoever waits for it hears of a failure; the round's end waits for all.
    stored.catch(() => undefined)
    round.cashing.set(cashed.betId, stored)
  }

  /** Won when it is stored: then everybody is told, and the money moves. */
  async #storeCashOuts(cashed: readonly CashedOut[]): Promise<LiveBet[]> {
    const round = this.#round
    if (!round?.rising) throw new Error('nothing is cashed out between rounds')
    const provenMs = Math.min(round.rising.elapsedMs, round.rising.crashMs)
    await this.#write(async (tx) => {
      await winBets(tx, cashed, new Date(this.#parts.kit.clock.now()))
      await proveRound(tx, round.roundId, provenMs)
    })
    const won = cashed.flatMap(({ betId, multiplier, payout }) => {
      const bet = round.bets.get(betId)
      return bet ? [Object.assign(bet, { state: 'won' as const, multiplier, payout })] : []
    })
    for (const bet of won) this.#teller.cashedOut(bet)
    void this.#parts.settler.settle(won)
    return won
  }

  async #end(round: Playing): Promise<void> {
    const { kit, rules, settler } = this.#parts
    const { roundId, crashPoint: multiplier, hash } = round
    await this.#cashOuts.idle()
    const at = new Date(kit.clock.now())
    await this.#write(async (tx) => {
      await endRound(tx, roundId, { outcome: 'crashed', multiplier, hash, at })
      await loseRest(tx, roundId, at)
    })
    const lost = [...round.bets.values()].filter(({ state }) => state === 'open')
    for (const bet of lost) bet.state = 'lost'
    this.#chain.row.played++
    const finished = { roundId, multiplier, endedAt: at.toISOString() }
    this.#history.unshift(finished)
    this.#history.splice(HISTORY_MAX)
    void settler.settle(lost)
    if (this.#isGone) return
    this.#nextAtMs = this.#now + rules.pauseMs
    this.#stage = 'crashed'
    this.#teller.flushNow(round)
    this.#teller.ended({
      ...finished,
      outcome: 'crashed',
      hash,
      nextAt: this.#isDraining ? null : this.#wallOf(this.#nextAtMs),
    })
  }

  #prove({ roundId }: Playing, elapsedMs: number): Promise<void> {
    return this.#once((tx) => proveRound(tx, roundId, elapsedMs))
  }

  /** Tried until it is done, or the lobby is another's: all of it can be done again. */
  async #write(work: (tx: Tx) => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await this.#once(work)
      } catch (error) {
        if (error instanceof Stale || this.#isGone) throw error
        this.#parts.kit.log.warn(
          { err: error, lobbyId: this.lobbyId },
          'a lobby could not be stored; it is tried again',
        )
        await delay(RETRY_MS)
      }
    }
  }

  #once(work: (tx: Tx) => Promise<void>): Promise<void> {
    return this.#parts.kit.db.transaction<CrashTables, void>(async (tx) => {
      await checkFence(tx, this.#fence)
      await work(tx)
    })
  }

  get #isGone(): boolean {
    return this.#stage === 'gone'
  }

  #wallOf(monotonicMs: number): string {
    const { clock } = this.#parts.kit
    return new Date(clock.now() + monotonicMs - clock.monotonic()).toISOString()
  }

  #shownRound(round: Playing): Lobby['round'] {
    const { roundId, bettingEndsMs, startedMs, rising, bets, staked, crashPoint } = round
    const isOver = this.#stage === 'crashed'
    const elapsedMs = rising ? Math.min(this.#elapsed(round), rising.crashMs) : null
    return {
      roundId,
      lobbyId: this.lobbyId,
      phase: SHOWN[this.#stage],
      bettingEndsAt: bettingEndsMs === undefined ? null : this.#wallOf(bettingEndsMs),
      startedAt: rising ? this.#wallOf(startedMs) : null,
      elapsedMs,
      crashedAt: isOver ? crashPoint : null,
      bets: [...bets.values()].slice(0, BETS_SHOWN_MAX).map(shownBet),
      betCount: bets.size,
      staked,
    }
  }
}
