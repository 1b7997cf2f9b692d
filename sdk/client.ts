import {
  type Client as CallsOf,
  type Contract,
  core,
  Fault,
  type Layout,
  type ViewLayout,
} from '@meydan/contracts/core'
import { crash } from '@meydan/contracts/crash'
import { feedback } from '@meydan/contracts/feedback'
import { type Credentials, identity, type Recovery, Tokens } from '@meydan/contracts/identity'
import { leaderboards } from '@meydan/contracts/leaderboards'
import { matches } from '@meydan/contracts/matches'
import { matchmaking } from '@meydan/contracts/matchmaking'
import { players } from '@meydan/contracts/players'
import { rewards } from '@meydan/contracts/rewards'
import { rooms } from '@meydan/contracts/rooms'
import { CLOSE, type Entered, Joined, type UpFrame, Watching } from '@meydan/contracts/socket'
import { wallet } from '@meydan/contracts/wallet'
import type { z } from 'zod'
import type { Codec } from './codec.ts'
import { Emitter } from './emitter.ts'
import { KNOWN_EVENTS, type KnownEvents } from './events.ts'
import { callRest, type RestOptions } from './rest.ts'
import { type Layouts, Room } from './room.ts'
import { Seats } from './seats.ts'
import { type EventFrame, Socket, type State } from './socket.ts'
import { memoryStorage, type Storage } from './storage.ts'
import { TokenKeeper } from './tokens.ts'
import { Topics } from './topics.ts'

const contracts = { identity, players, matchmaking, rooms, matches, leaderboards, feedback, wallet, rewards, crash }
export type Calls = { readonly [K in keyof typeof contracts]: CallsOf<(typeof contracts)[K]> }

export interface ClientOptions {
  /** Where the platform is: `http://127.0.0.1:4000`. */
  readonly url: string
  /** Of the socket; MessagePack unless given. */
  readonly codec?: Codec
  /** Keeps the player signed in between visits; memory unless given. */
  readonly storage?: Storage
  /** Asks that answers over REST be sealed for this client alone (X25519, AES-256-GCM). */
  readonly sealed?: boolean
  /** Of the trace that a call over REST belongs to (https://www.w3.org/TR/trace-context/); none, and the server begins one. */
  readonly traceparent?: () => string | undefined
}

/** How a room is entered: with a seat in it, or to watch. */
interface Way<As extends Entered> {
  readonly frame: (id: number, roomId: string, after?: number) => UpFrame
  readonly answer: z.ZodType<As>
}
const JOIN: Way<Joined> = { frame: (id, roomId, after) => ({ id, join: roomId, after }), answer: Joined }
const SPECTATE: Way<Watching> = { frame: (id, roomId, after) => ({ id, spectate: roomId, after }), answer: Watching }

/** Calls that end the session they are made in, and its socket with it, perhaps before the answer. */
const ENDING: ReadonlySet<string> = new Set(['identity.logout', 'identity.deleteAccount'])

/** A player's line to the platform. */
export class Client {
  /** Every call of the contracts, typed: over the socket when it is open, else over REST. Rejects with a `Fault`. */
  readonly call: Calls
  /** The session was lost, or an event was missed: read state afresh. */
  readonly onResync: Emitter<[]>['on']
  readonly onState: Emitter<[State]>['on']
  /** The server takes this player's tokens no more: sign in again. */
  readonly onSignedOut: Emitter<[]>['on']
  /** The player went on with this session on another connection; this one stays closed. */
  readonly onReplaced: Emitter<[]>['on']

  readonly #rest: RestOptions
  readonly #tokens: TokenKeeper
  readonly #socket: Socket
  readonly #seats: Seats
  readonly #topics: Topics
  readonly #events = new Map<string, Emitter<[unknown, EventFrame]>>()
  readonly #resyncs = new Emitter<[]>()
  readonly #replaced = new Emitter<[]>()
  #hasHadSession = false
  /** The server checks a token while it goes on reading: a call sent right behind one would still be judged by the old. */
  #renewal: Promise<void> = Promise.resolve()

  constructor({ url, codec = 'msgpack', storage = memoryStorage(), sealed = false, traceparent }: ClientOptions) {
    const base = url.replace(/\/+$/, '')
    this.#rest = { base, sealed, traceparent }
    this.#tokens = new TokenKeeper({
      storage,
      nowMs: () => this.serverNowMs(),
      trade: async (refreshToken) =>
        Tokens.parse(await callRest(this.#rest, identity, 'refresh', { refreshToken }, undefined)),
    })
    this.#socket = new Socket({
      url: `${base.replace(/^http/, 'ws')}/v1/socket`,
      codec,
      token: () => this.#tokens.accessToken(),
      renew: (refused) => this.#tokens.renew(refused),
    })
    this.#seats = new Seats(({ joined: { roomId, seat }, eventSeq }, taken) =>
      seat === null ? this.#enter(SPECTATE, roomId, taken, eventSeq) : this.#enter(JOIN, roomId, taken, eventSeq),
    )
    this.#topics = new Topics((topic) =>
      this.#socket.ask(
        (id) => ({ id, watch: topic }),
        (out) => this.#socket.watching(out),
      ),
    )
    this.onState = this.#socket.onState.on
    this.onResync = this.#resyncs.on
    this.onSignedOut = this.#tokens.onSignedOut.on
    this.onReplaced = this.#replaced.on
    this.#listen()
    this.call = this.#makeCalls()
  }

  /** Who is signed in; null: nobody. */
  get player(): { readonly playerId: string } | null {
    const { kept } = this.#tokens
    return kept && { playerId: kept.tokens.playerId }
  }

  /** The way back into a guest's account, where this device made it; null: it did not, or nobody is signed in. */
  get recovery(): Recovery | null {
    return this.#tokens.kept?.recovery ?? null
  }

  get state(): State {
    return this.#socket.state
  }

  /** Median round trip of the last pings, ms. */
  get rttMs(): number {
    return this.#socket.pings.rttMs
  }

  /** How much one round trip differs from the next, on average, ms. */
  get jitterMs(): number {
    return this.#socket.pings.jitterMs
  }

  get bytesReceived(): number {
    return this.#socket.bytesReceived
  }

  get bytesSent(): number {
    return this.#socket.bytesSent
  }

  /** The server's wall clock, as well as the pings can tell, ms since 1970. */
  serverNowMs(): number {
    return Date.now() + this.#socket.pings.offsetMs
  }

  /** Signs in as a new guest. The way back into the account is kept with the tokens. */
  async guest(input: { displayName?: string } = {}): Promise<void> {
    const { recovery, ...tokens } = await this.call.identity.guest(input)
    this.#signIn({ tokens, recovery })
  }

  async register(credentials: Credentials, displayName?: string): Promise<void> {
    const named = displayName === undefined ? {} : { displayName }
    this.#signIn({ tokens: await this.call.identity.register({ credentials, ...named }) })
  }

  async login(credentials: Credentials): Promise<void> {
    this.#signIn({ tokens: await this.call.identity.login({ credentials }) })
  }

  /** Ends the session at the server, and forgets the tokens here even when the server cannot be told. */
  async logout(): Promise<void> {
    this.close()
    try {
      if (this.#tokens.kept) await this.call.identity.logout({})
    } finally {
      this.#tokens.keep(null)
    }
  }

  /**
   * Whether a player is signed in from an earlier visit, and still may be. Asks the server only when the token runs out,
   * or with `surely`. Throws UNAVAILABLE when the server cannot be asked.
   */
  async restore(surely = false): Promise<boolean> {
    try {
      return (await (surely && this.player ? this.#tokens.renew() : this.#tokens.accessToken())) !== undefined
    } catch (error) {
      if (!(error instanceof Fault) || error.status !== 401) throw error
      return false
    }
  }

  /** Opens the socket, and keeps it open through lost connections until `close`. */
  async connect(): Promise<void> {
    await this.#socket.open()
  }

  /** Tries at once instead of after the usual wait: for a browser's `online` event. */
  hurry(): void {
    this.#socket.hurry()
  }

  close(): void {
    this.#tokens.rest()
    this.#socket.close()
    this.#seats.close()
    this.#hasHadSession = false
  }

  /** Hears one kind of topic event, such as `MATCH_FOUND`. Gives the function that stops it. */
  on<K extends keyof KnownEvents>(event: K, listener: (data: KnownEvents[K], frame: EventFrame) => void): () => void
  on(event: string, listener: (data: unknown, frame: EventFrame) => void): () => void
  on(event: string, listener: (data: never, frame: EventFrame) => void): () => void {
    const schema = new Map<string, z.ZodType>(Object.entries(KNOWN_EVENTS)).get(event)
    return this.#on(event, (data, frame) => {
      const parsed = schema?.safeParse(data)
      // A newer server may say it in a form this client does not know: better unheard than misread.
      if (!parsed || parsed.success) listener((parsed?.data ?? data) as never, frame)
    })
  }

  #on(event: string, listener: (data: unknown, frame: EventFrame) => void): () => void {
    const emitter = this.#events.get(event) ?? new Emitter<[unknown, EventFrame]>()
    this.#events.set(event, emitter)
    return emitter.on(listener)
  }

  /**
   * Has the session, and those that follow it, told of a topic's events (`on` hears them), until the function that this gives is called. What
   * was told before is not repeated: read the state afterwards. Throws FORBIDDEN; UNAVAILABLE while there is no connection.
   */
  async watch(topic: string): Promise<() => void> {
    await this.#renewal
    await this.#topics.want(topic)
    let isWanted = true
    return () => {
      if (isWanted && this.#topics.leave(topic)) this.#socket.unwatch(topic)
      isWanted = false
    }
  }

  /** Takes the player's seat in a room. Throws NOT_SEATED, ROOM_GONE. */
  joinRoom<In extends Layout, V extends ViewLayout>(roomId: string, game: Layouts<In, V>): Promise<Room<In, V>> {
    return this.#enter(JOIN, roomId, (joined) => this.#roomOf(joined, game))
  }

  /** The same room without a seat in it: views and events, no inputs. Throws ROOM_GONE, SEATED, NOT_WATCHABLE, AUDIENCE_FULL. */
  watchRoom<In extends Layout, V extends ViewLayout>(
    roomId: string,
    game: Layouts<In, V>,
  ): Promise<Room<In, V, Watching>> {
    return this.#enter(SPECTATE, roomId, (watching) => this.#roomOf(watching, game))
  }

  #roomOf<In extends Layout, V extends ViewLayout, As extends Entered>(
    entered: As,
    game: Layouts<In, V>,
  ): Room<In, V, As> {
    const room = new Room<In, V, As>(entered, game, {
      send: (frame) => this.#socket.sendRoomFrame(frame),
      waitingBytes: () => this.#socket.waitingBytes,
      isOpen: () => this.state === 'open' && this.#seats.isTaken(entered.roomId),
      leave: ({ roomId, seat, handle }) => (seat === null ? this.#part(handle) : this.call.rooms.leave({ roomId })),
    })
    this.#seats.add(room)
    return room
  }

  async #part(handle: number): Promise<void> {
    await this.#socket.ask(
      (id) => ({ id, part: handle }),
      () => undefined,
    )
  }

  async #enter<As extends Entered, T>(
    way: Way<As>,
    roomId: string,
    entered: (as: As) => T,
    after?: number,
  ): Promise<T> {
    await this.#renewal
    return this.#socket.ask(
      (id) => way.frame(id, roomId, after),
      (out) => entered(way.answer.parse(out)),
      rooms.errors,
    )
  }

  #listen(): void {
    this.#socket.onEvent.on((frame, gap) => this.#hear(frame, gap))
    this.#socket.onRoomFrame.on((frame) => this.#seats.receive(frame))
    this.#socket.onWelcome.on(({ resumed, isNew }) => void this.#welcome(resumed, isNew))
    this.#socket.onEnded.on((code) => {
      this.close()
      if (code === CLOSE.replaced) this.#replaced.emit()
      // Ended by a logout elsewhere, say: trading the refresh token tells, and `onSignedOut` with it.
      else if (code === CLOSE.revoked) void this.restore(true).catch(() => this.#resyncs.emit())
    })
    this.#tokens.onRenewed.on((token) => this.#renew(token))
  }

  /** Tells an open socket the player's new token; what is asked from now on waits until the server has taken it. */
  #renew(token: string): void {
    if (this.state !== 'open') return
    const keepFresh = (): void => {
      if (this.state !== 'closed') this.#tokens.keepFresh()
    }
    const renewed = (out: unknown): void => {
      this.#socket.watching(out)
      keepFresh()
    }
    // Should the renewal be lost with the connection, the resume carries the token.
    this.#renewal = this.#socket.ask((id) => ({ id, renew: { token } }), renewed).catch(keepFresh)
  }

  async #welcome(resumed: boolean, isNew: boolean): Promise<void> {
    this.#tokens.keepFresh()
    // A topic that the session before could not watch any more has gone unheard just as long.
    const lost = (!resumed && this.#hasHadSession) || this.#topics.areUnheard
    this.#hasHadSession = true
    void this.#seats.welcome(isNew)
    // What is read afresh should miss nothing that is told after it.
    await this.#topics.welcome(resumed)
    if (lost) this.#resyncs.emit()
  }

  #hear(frame: EventFrame, gap: boolean): void {
    if (gap) this.#resyncs.emit()
    this.#seats.hear(frame)
    this.#events.get(frame.event)?.emit(frame.data, frame)
  }

  #signIn(kept: NonNullable<TokenKeeper['kept']>): void {
    // A session stays with its player: another one needs a connection of its own.
    if (this.player && this.player.playerId !== kept.tokens.playerId) this.close()
    this.#tokens.keep(kept)
    // A socket that was opened before anybody signed in becomes the player's.
    this.#renew(kept.tokens.accessToken)
  }

  async #invoke(contract: Contract, name: string, input: unknown): Promise<unknown> {
    const procedure = contract.procedures[name]
    if (!procedure) throw core.UNKNOWN_CALL()
    // Signing in is nobody's call yet, and has to work while a socket is somebody's.
    if (procedure.auth === 'public' && procedure.kind === 'command') {
      return callRest(this.#rest, contract, name, input, undefined)
    }
    const token = await this.#tokens.accessToken()
    try {
      return await this.#carry(contract, name, input, token)
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      if (error.code === 'UNAUTHENTICATED' && token !== undefined) {
        return this.#carry(contract, name, input, await this.#tokens.renew(token))
      }
      // Lost with the connection, and safe to ask again: over REST, which does not wait for the socket.
      if (error.code === 'UNAVAILABLE' && procedure.idempotent && procedure.http && this.state === 'reconnecting') {
        return callRest(this.#rest, contract, name, input, token)
      }
      throw error
    }
  }

  async #carry(contract: Contract, name: string, input: unknown, token: string | undefined): Promise<unknown> {
    const call = `${contract.name}.${name}`
    if (this.state !== 'open' || ENDING.has(call)) return callRest(this.#rest, contract, name, input, token)
    await this.#renewal
    return this.#socket.ask(
      (id) => ({ id, call, in: input }),
      (out) => out,
      contract.errors,
    )
  }

  #makeCalls(): Calls {
    const calls: Record<string, Record<string, (input: unknown) => Promise<unknown>>> = {}
    for (const [name, contract] of Object.entries<Contract>(contracts)) {
      const procedures: Record<string, (input: unknown) => Promise<unknown>> = {}
      for (const procedure of Object.keys(contract.procedures)) {
        procedures[procedure] = (input) => this.#invoke(contract, procedure, input)
      }
      calls[name] = procedures
    }
    // The loops have made exactly the functions that the contracts name; the compiler cannot follow loops over data.
    return calls as Calls
  }
}

/** `createClient({ url })`, and then `guest()`, `connect()`, `call.matchmaking.ask({})`. */
export function createClient(options: ClientOptions): Client {
  return new Client(options)
}
