import type { Id, Plain } from '@meydan/contracts/core'
import {
  BETS_SHOWN_MAX,
  CRASH_BETS,
  CRASH_BETTING,
  CRASH_CASHED_OUT,
  CRASH_ENDED,
  CRASH_STARTED,
  CRASH_TICK,
  crashTicksTopic,
  crashTopic,
} from '@meydan/contracts/crash'
import type { Kit } from '@meydan/kernel/rpc'
import { type LiveBet, shownBet } from './bets.store.ts'
import type { RoundOutcome } from './store.ts'

/** Bets and cash-outs are told together, so often at most: everybody in the lobby hears each. */
const TELL_EVERY_MS = 200

/** A round, as far as it is told of. */
interface Told {
  readonly roundId: Id
  readonly bets: ReadonlyMap<Id, LiveBet>
  readonly staked: number
}

/** What a lobby tells who watches it. */
export class Teller {
  readonly #kit: Pick<Kit, 'topics' | 'log'>
  readonly #lobbyId: number
  readonly #shown = new Set<Id>()
  #placed: LiveBet[] = []
  #cashedOut: LiveBet[] = []
  #isNews = { placed: false, cashedOut: false }
  #wonCount = 0
  #paid = 0
  #nextAtMs = 0

  constructor(kit: Pick<Kit, 'topics' | 'log'>, lobbyId: number) {
    this.#kit = kit
    this.#lobbyId = lobbyId
  }

  /** `bettingEndsAt`: null until the first bet. */
  betting(roundId: Id, bettingEndsAt: string | null, bettingMs: number): void {
    this.#say(CRASH_BETTING, { roundId, lobbyId: this.#lobbyId, bettingEndsAt, bettingMs })
  }

  /** `count`: bets of the round with it. */
  placed(bet: LiveBet, count: number): void {
    this.#isNews.placed = true
    if (count > BETS_SHOWN_MAX) return
    this.#shown.add(bet.betId)
    this.#placed.push(bet)
  }

  cashedOut(bet: LiveBet): void {
    this.#isNews.cashedOut = true
    this.#wonCount++
    this.#paid += bet.payout
    if (this.#shown.has(bet.betId)) this.#cashedOut.push(bet)
  }

  /** `elapsedMs`: whole ms since the start. */
  tick(roundId: Id, elapsedMs: number, multiplier: number): void {
    this.#publish(crashTicksTopic(this.#lobbyId), CRASH_TICK, { roundId, elapsedMs, multiplier })
  }

  started(roundId: Id, startedAt: string): void {
    this.#say(CRASH_STARTED, { roundId, startedAt, elapsedMs: 0 })
  }

  ended(end: {
    roundId: Id
    outcome: RoundOutcome
    multiplier: number
    hash: Buffer
    endedAt: string
    nextAt: string | null
  }): void {
    this.#say(CRASH_ENDED, { ...end, hash: end.hash.toString('hex') })
    this.#forget()
  }

  flush(nowMs: number, round: Told | undefined): void {
    if (nowMs < this.#nextAtMs || !round) return
    this.#nextAtMs = nowMs + TELL_EVERY_MS
    this.flushNow(round)
  }

  flushNow({ roundId, bets, staked }: Told): void {
    const { placed, cashedOut } = this.#isNews
    this.#isNews = { placed: false, cashedOut: false }
    if (placed)
      this.#say(CRASH_BETS, { roundId, bets: this.#placed.splice(0).map(shownBet), betCount: bets.size, staked })
    if (!cashedOut) return
    const won = this.#cashedOut.splice(0).map(shownBet)
    this.#say(CRASH_CASHED_OUT, { roundId, bets: won, wonCount: this.#wonCount, paid: this.#paid })
  }

  #forget(): void {
    this.#shown.clear()
    this.#wonCount = 0
    this.#paid = 0
  }

  #say(event: string, data: Plain): void {
    this.#publish(crashTopic(this.#lobbyId), event, data)
  }

  #publish(topic: string, event: string, data: Plain): void {
    this.#kit.topics
      .publish(topic, event, data)
      .catch((error: unknown) => this.#kit.log.debug({ err: error, topic }, 'a lobby could not tell of itself'))
  }
}
