import { core } from '@meydan/contracts/core'
import type { Tokens } from '@meydan/contracts/identity'
import { Emitter } from './emitter.ts'
import { isRefused } from './fault.ts'
import { type Kept, readKept, type Storage, writeKept } from './storage.ts'

/** Tokens are traded for new ones this long before they expire. */
const REFRESH_BEFORE_MS = 60_000
/** After a trade that failed for another reason than the token's. */
const TRY_AGAIN_MS = 10_000
/** The longest delay a timer takes. */
const TIMER_MS_MAX = 2 ** 31 - 1

export interface TokenKeeperOptions {
  readonly storage: Storage
  /** Trades a refresh token for new tokens at the server. */
  readonly trade: (refreshToken: string) => Promise<Tokens>
  /** The server's wall clock, as well as it is known. */
  readonly nowMs: () => number
}

/** The player's tokens: kept between visits, traded before they expire, and each refresh token used once. */
export class TokenKeeper {
  /** New tokens came by a trade. */
  readonly onRenewed = new Emitter<[accessToken: string]>()
  /** The server takes these tokens no more: whoever plays has to sign in again. */
  readonly onSignedOut = new Emitter<[]>()

  readonly #options: TokenKeeperOptions
  #kept: Kept | null
  #trading: Promise<string> | undefined
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: TokenKeeperOptions) {
    this.#options = options
    this.#kept = readKept(options.storage)
  }

  get kept(): Kept | null {
    return this.#kept
  }

  keep(kept: Kept | null): void {
    this.#kept = kept
    writeKept(this.#options.storage, kept)
  }

  /** A token that is good for a while yet; undefined when nobody is signed in. Throws UNAUTHENTICATED and its kin, UNAVAILABLE. */
  async accessToken(): Promise<string | undefined> {
    if (!this.#kept) return undefined
    return this.#expiresInMs() > REFRESH_BEFORE_MS ? this.#kept.tokens.accessToken : this.renew()
  }

  /** New tokens now, since the server refused `refused` or it is about to expire. One trade is under way at a time. */
  renew(refused?: string): Promise<string> {
    this.#trading ??= this.#renewAlone(refused).finally(() => {
      this.#trading = undefined
    })
    return this.#trading
  }

  /** Trades tokens before they expire, until `rest`. */
  keepFresh(): void {
    this.#wakeIn(this.#kept ? this.#expiresInMs() - REFRESH_BEFORE_MS : Number.POSITIVE_INFINITY)
  }

  rest(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #wakeIn(waitMs: number): void {
    this.rest()
    const freshen = async (): Promise<void> => {
      try {
        await this.accessToken()
        if (this.#timer === timer) this.keepFresh()
      } catch (error) {
        // Put to rest while the trade was under way: a timer now would keep a process alive that is done.
        if (!isRefused(error) && this.#timer === timer) this.#wakeIn(TRY_AGAIN_MS)
      }
    }
    const timer = setTimeout(() => void freshen(), Math.min(TIMER_MS_MAX, Math.max(1_000, waitMs)))
    this.#timer = timer
  }

  #expiresInMs(): number {
    return this.#kept ? Date.parse(this.#kept.tokens.accessExpiresAt) - this.#options.nowMs() : 0
  }

  #renewAlone(refused: string | undefined): Promise<string> {
    const alone = this.#options.storage.alone ?? ((work: () => Promise<string>) => work())
    return alone(() => this.#renewNow(refused))
  }

  async #renewNow(refused: string | undefined): Promise<string> {
    const before = this.#kept
    if (!before) throw core.UNAUTHENTICATED()
    // One of several calls that went out with the old token: what it asks for has happened.
    if (refused !== undefined && refused !== before.tokens.accessToken) return before.tokens.accessToken
    const stored = readKept(this.#options.storage)
    // Another tab has traded meanwhile: its tokens are this one's, too.
    if (stored && isNewer(stored, before) && stored.tokens.accessToken !== refused) {
      this.#kept = stored
      return this.#renewed(stored.tokens.accessToken)
    }
    try {
      const tokens = await this.#options.trade(before.tokens.refreshToken)
      // Signed out, or in as somebody else, while the trade was under way: these tokens are nobody's now.
      if (this.#kept !== before) throw core.UNAUTHENTICATED()
      this.keep({ ...before, tokens })
      return this.#renewed(tokens.accessToken)
    } catch (error) {
      if (isRefused(error) && this.#kept === before) {
        this.keep(null)
        this.onSignedOut.emit()
      }
      throw error
    }
  }

  #renewed(accessToken: string): string {
    this.onRenewed.emit(accessToken)
    return accessToken
  }
}

function isNewer(one: Kept, other: Kept): boolean {
  return (
    one.tokens.playerId === other.tokens.playerId &&
    one.tokens.refreshToken !== other.tokens.refreshToken &&
    one.tokens.accessExpiresAt > other.tokens.accessExpiresAt
  )
}
