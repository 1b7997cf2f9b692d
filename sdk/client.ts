import {
  type Client as CallsOf,
  type Contract,
  core,
  Fault,
  type GameEvent,
  type Layout,
  type ViewLayout,
} from '@meydan/contracts/core'
import { type Credentials, identity, type Tokens } from '@meydan/contracts/identity'
import { leaderboards } from '@meydan/contracts/leaderboards'
import { matches } from '@meydan/contracts/matches'
import { matchmaking } from '@meydan/contracts/matchmaking'
import { players } from '@meydan/contracts/players'
import { rooms } from '@meydan/contracts/rooms'
import { Joined } from '@meydan/contracts/socket'
import { handleOf } from '@meydan/contracts/wire'
import { Emitter } from './emitter.ts'
import { callRest } from './rest.ts'
import { type Layouts, Room } from './room.ts'
import { type Codec, type EventFrame, Socket, type State } from './socket.ts'
import { type Kept, memoryStorage, readKept, type Storage, writeKept } from './storage.ts'

const contracts = { identity, players, matchmaking, rooms, matches, leaderboards }
export type Calls = { readonly [K in keyof typeof contracts]: CallsOf<(typeof contracts)[K]> }

export interface ClientOptions {
  /** Where the platform is: `http://127.0.0.1:4000`. */
  readonly url: string
  readonly codec?: Codec
  /** Keeps the player signed in between visits; memory unless given. */
  readonly storage?: Storage
}

/** Tokens are traded for new ones this long before they expire. */
const REFRESH_BEFORE_MS = 60_000

/** A room as the client holds it, whatever its game. */
type HeldRoom = Pick<Room, 'joined' | 'receive' | 'hear' | 'rejoined' | 'close'>

const ROOM_CLOSED = 'ROOM_CLOSED'

/** A player's line to the platform. */
export class Client {
  /** Every call of the contracts, typed: over the socket when it is open, else over REST. Rejects with a `Fault`. */
  readonly call: Calls
  /** The session was lost, or an event was missed: read state afresh. */
  readonly onResync: (listener: () => void) => () => void
  readonly onState: (listener: (state: State) => void) => () => void

  readonly #base: string
  readonly #storage: Storage
  readonly #socket: Socket
  readonly #events = new Map<string, Emitter<[unknown, EventFrame]>>()
  readonly #resyncs = new Emitter<[]>()
  readonly #rooms = new Map<string, HeldRoom>()
  readonly #topicSeqs = new Map<string, number>()
  #kept: Kept | null
  #refreshing: Promise<string> | undefined

  constructor({ url, codec = 'msgpack', storage = memoryStorage() }: ClientOptions) {
    this.#base = url.replace(/\/$/, '')
    this.#storage = storage
    this.#kept = readKept(storage)
    const socketUrl = `${this.#base.replace(/^http/, 'ws')}/v1/socket`
    this.#socket = new Socket({ url: socketUrl, codec, token: () => this.#accessToken() })
    this.onState = this.#socket.onState.on
    this.onResync = this.#resyncs.on
    this.#socket.onEvent.on((frame) => this.#hear(frame))
    this.#socket.onRoomFrame.on((frame) => this.#roomFrame(frame))
    this.#socket.onLost.on(() => void this.#recover())
    this.call = this.#makeCalls()
  }

  get player(): { readonly playerId: string } | null {
    return this.#kept && { playerId: this.#kept.tokens.playerId }
  }

  get state(): State {
    return this.#socket.state
  }

  /** Median round trip of the last pings, ms. */
  get rttMs(): number {
    return this.#socket.rttMs
  }

  get bytesReceived(): number {
    return this.#socket.bytesReceived
  }

  get bytesSent(): number {
    return this.#socket.bytesSent
  }

  /** The server's wall clock, ms since 1970. */
  serverNowMs(): number {
    return this.#socket.serverNowMs()
  }

  async guest(input: { displayName?: string } = {}): Promise<void> {
    const { recovery, ...tokens } = await this.call.identity.guest(input)
    this.#keep({ tokens, recovery })
  }

  async register(credentials: Credentials, displayName?: string): Promise<void> {
    this.#keep({
      tokens: await this.call.identity.register({ credentials, ...(displayName !== undefined && { displayName }) }),
    })
  }

  async login(credentials: Credentials): Promise<void> {
    this.#keep({ tokens: await this.call.identity.login({ credentials }) })
  }

  async logout(): Promise<void> {
    if (this.#kept) await this.call.identity.logout({})
    this.close()
    this.#keep(null)
  }

  /** Whether a player is signed in from an earlier visit, and still may be. */
  async restore(): Promise<boolean> {
    if (!this.#kept) return false
    try {
      await this.#accessToken()
      return true
    } catch (error) {
      if (!(error instanceof Fault) || error.status !== 401) throw error
      this.#keep(null)
      return false
    }
  }

  /** Opens the socket, and keeps it open through lost connections until `close`. */
  connect(): Promise<void> {
    return this.#socket.open()
  }

  close(): void {
    this.#socket.close()
    for (const room of this.#rooms.values()) room.close('lost')
    this.#rooms.clear()
  }

  /** Hears one kind of topic event, such as `MATCH_FOUND`. Gives the function that stops it. */
  on(event: string, listener: (data: unknown, frame: EventFrame) => void): () => void {
    const emitter = this.#events.get(event) ?? new Emitter<[unknown, EventFrame]>()
    this.#events.set(event, emitter)
    return emitter.on(listener)
  }

  /** Takes the player's seat in a room. */
  async joinRoom<In extends Layout, V extends ViewLayout>(roomId: string, game: Layouts<In, V>): Promise<Room<In, V>> {
    const joined = await this.#join(roomId)
    const room = new Room(joined, game, {
      send: (frame) => this.#socket.sendRoomFrame(frame),
      leave: (id) => this.call.rooms.leave({ roomId: id }),
    })
    this.#rooms.get(roomId)?.close('replaced')
    this.#rooms.set(roomId, room)
    room.onClosed(() => {
      if (this.#rooms.get(roomId) === room) this.#rooms.delete(roomId)
    })
    return room
  }

  async #join(roomId: string): Promise<Joined> {
    return Joined.parse(await this.#socket.ask((id) => ({ id, join: roomId })))
  }

  #hear(frame: EventFrame): void {
    const last = this.#topicSeqs.get(frame.topic)
    const [kind, roomId = ''] = frame.topic.split(':')
    if (kind === 'room') this.#hearRoom(roomId, frame)
    else {
      this.#topicSeqs.set(frame.topic, frame.seq)
      if (last !== undefined && frame.seq > last + 1) this.#resyncs.emit()
    }
    this.#events.get(frame.event)?.emit(frame.data, frame)
  }

  #hearRoom(roomId: string, frame: EventFrame): void {
    const room = this.#rooms.get(roomId)
    if (!room || typeof frame.data !== 'object' || frame.data === null) return
    if (frame.event !== ROOM_CLOSED) room.hear(frame.data as GameEvent)
    else if ('reason' in frame.data) room.close(closedReason(frame.data.reason))
  }

  #roomFrame(frame: Uint8Array): void {
    const handle = handleOf(frame)
    for (const room of this.#rooms.values()) if (room.joined.handle === handle) room.receive(frame)
  }

  /** A new session began in place of a lost one: seats are taken again, and whoever shows state should read it again. */
  async #recover(): Promise<void> {
    this.#topicSeqs.clear()
    for (const [roomId, room] of [...this.#rooms]) {
      try {
        room.rejoined(await this.#join(roomId))
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        room.close('lost')
      }
    }
    this.#resyncs.emit()
  }

  #keep(kept: Kept | null): void {
    this.#kept = kept
    writeKept(this.#storage, kept)
  }

  /** A token that is good for a while yet; undefined when nobody is signed in. Only one refresh is under way at a time. */
  async #accessToken(): Promise<string | undefined> {
    if (!this.#kept) return undefined
    const { accessToken, accessExpiresAt } = this.#kept.tokens
    if (Date.parse(accessExpiresAt) - Date.now() > REFRESH_BEFORE_MS) return accessToken
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined
    })
    return this.#refreshing
  }

  async #refresh(): Promise<string> {
    const kept = this.#kept
    if (!kept) throw core.UNAUTHENTICATED()
    const { refreshToken } = kept.tokens
    const tokens = (await callRest(this.#base, identity.procedures.refresh, { refreshToken }, undefined)) as Tokens
    this.#keep({ ...kept, tokens })
    if (this.state === 'open') await this.#socket.ask((id) => ({ id, renew: { token: tokens.accessToken } }))
    return tokens.accessToken
  }

  async #invoke(contract: Contract, name: string, input: unknown): Promise<unknown> {
    const procedure = contract.procedures[name]
    if (!procedure) throw core.UNKNOWN_CALL()
    const entering = procedure.auth === 'public'
    const token = entering ? undefined : await this.#accessToken()
    if (this.state !== 'open' || entering) return callRest(this.#base, procedure, input, token)
    return this.#socket.ask((id) => ({ id, call: `${contract.name}.${name}`, in: input }))
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

function closedReason(reason: unknown): 'ended' | 'left' | 'replaced' | 'stopped' | 'lost' {
  return reason === 'ended' || reason === 'left' || reason === 'replaced' || reason === 'stopped' ? reason : 'lost'
}

/** `createClient({ url })`, and then `guest()`, `connect()`, `call.matchmaking.ask({})`. */
export function createClient(options: ClientOptions): Client {
  return new Client(options)
}
