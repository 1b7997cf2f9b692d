import {
  core,
  type Game,
  type GameEvent,
  type Layout,
  type Outcome,
  type Plain,
  type Random,
  type Row,
  type Seat,
  seededRandom,
  type Turn,
} from '@meydan/contracts/core'
import { roomsErrors } from '@meydan/contracts/rooms'
import { InputCodec, ViewPlan } from '@meydan/contracts/wire'
import { Audience } from './audience.ts'
import { type Viewer, ViewStream } from './broadcast.ts'
import { Client } from './client.ts'
import type { OpenRequest, RoomEnd, RoomSink, SeatRequest } from './face.ts'
import { InputQueue } from './inputs.ts'
import type { Ticking } from './loop.ts'
import type { RecordedStep, Recording } from './recording.ts'
import { believedTick } from './sight.ts'
import type { RoomSnapshot, SeatSnapshot } from './snapshot.ts'
import { ToldEvents } from './told.ts'

/** Bots think this often: about as fast as people do. */
const BOT_EVERY_MS = 60
/** Bots draw from a stream of their own, so that they do not change the game's chance. */
const BOT_SEED_MIX = 0x5bd1e995
const BOT_SKILL_DEFAULT = 0.5
const RECORDED_STEPS_MAX = 200_000
/** The viewpoint of whoever has no seat, as games know it. */
const PUBLIC = null

interface Place {
  readonly seat: Seat
  readonly skill: number
  readonly inputs: InputQueue
  /** Gives the game an input of this seat. */
  readonly apply: (input: Row<Layout>, toldTick: number | undefined) => void
  left: boolean
  client: Client | undefined
}

export interface RoomHooks {
  readonly onOver: (room: Room, reason: string, outcome: Outcome | null) => void
  /** The game threw; the room is over. */
  readonly onError: (room: Room, error: unknown) => void
  readonly nowMs: () => number
}

export interface RoomOptions extends RoomHooks {
  readonly request: OpenRequest
  readonly game: Game
  readonly handle: number
  readonly record: boolean
}

/** A running game, its seats and its audience. Knows no other room and no clock but its ticks. */
export class Room implements Ticking {
  readonly roomId: string
  readonly game: Game
  readonly handle: number
  readonly tickMs: number
  readonly startedAtMs: number
  readonly audience: Audience
  tickCount = 0
  over = false

  readonly #options: RoomOptions
  readonly #seed: number
  readonly #random: Random
  readonly #botRandom: Random
  readonly #state: unknown
  readonly #places = new Map<number, Place>()
  /** Those of the places that were not left. */
  #present: readonly Place[] = []
  readonly #turn: { tick: number; timeMs: number } & Turn
  readonly #inputCodec: InputCodec
  readonly #streams = new Map<number | typeof PUBLIC, ViewStream>()
  readonly #plan: ViewPlan
  readonly #botEveryTicks: number
  readonly #steps: RecordedStep[] = []
  readonly #told: ToldEvents

  constructor(options: RoomOptions, from?: RoomSnapshot) {
    const { request, game } = options
    this.#options = options
    this.roomId = request.roomId
    this.game = game
    this.handle = options.handle
    this.tickMs = game.tickMs
    this.startedAtMs = from?.startedAtMs ?? options.nowMs()
    this.#seed = request.seed
    this.#random = seededRandom(from?.random ?? request.seed)
    this.#botRandom = seededRandom(from?.botRandom ?? (request.seed ^ BOT_SEED_MIX) >>> 0)
    this.audience = new Audience(game)
    this.#inputCodec = new InputCodec(game.inputLayout)
    this.#plan = new ViewPlan(game.viewLayout)
    this.#turn = { tick: 0, timeMs: 0, random: this.#random, emit: (event, toSeat) => this.#emit(event, toSeat) }
    this.#botEveryTicks = Math.max(1, Math.round(BOT_EVERY_MS / game.tickMs))
    this.tickCount = from?.tick ?? 0
    this.#told = new ToldEvents(from?.told)
    this.#state = from ? game.restore(from.state) : game.create({ random: this.#random, options: request.options })
    if (from) for (const { left, skill, ...seat } of from.seats) this.#place(seat, skill, left)
    else for (const seat of request.seats) this.sit(seat)
  }

  /** Every seat, those that were left included. */
  get seats(): readonly (Seat & { readonly left: boolean })[] {
    return [...this.#places.values()].map(({ seat, left }) => ({ ...seat, left }))
  }

  /** The number of the newest event; −1 before the first. */
  get eventSeq(): number {
    return this.#told.newest
  }

  get state(): Plain {
    return this.game.snapshot(this.#state)
  }

  get people(): number {
    return this.#present.filter(({ seat }) => !seat.bot).length
  }

  /** Seats somebody; the same player again gets the same seat. When the room is full a bot gives way. Throws ROOM_FULL. */
  sit(request: SeatRequest): number {
    const known = this.#find(request.playerId)
    if (known) return known.seat.index
    const index = this.#freeIndex() ?? this.#dismissBot()
    if (index === undefined || this.over) throw roomsErrors.ROOM_FULL()
    const { playerId, name, bot } = request
    this.audience.dismiss(playerId)
    const seat: Seat = { index, playerId, name, bot }
    this.#place(seat, request.skill ?? BOT_SKILL_DEFAULT, false)
    this.#record({ tick: this.tickCount, kind: 'join', seat })
    this.game.join(this.#state, seat, this.#now())
    return index
  }

  /** Gives the player's seat up for good. Throws NOT_SEATED. */
  leave(playerId: string): void {
    const place = this.#placeOf(playerId)
    this.#vacate(place)
    if (this.people === 0) this.#finish('abandoned', this.game.outcome(this.#state))
  }

  /** Connects a player's seat to a sink, which is told the events after `after`; an earlier connection is told that it was replaced. Throws NOT_SEATED. */
  connect(playerId: string, sink: RoomSink, after?: number): Seat {
    const place = this.#placeOf(playerId)
    place.client?.sink.closed('replaced')
    place.inputs.restart()
    const { tickMs, sendEveryTicks } = this.game
    place.client = new Client(sink, place.inputs, tickMs, sendEveryTicks)
    this.#tellAgain(sink, place.seat.index, after)
    return place.seat
  }

  disconnect(playerId: string, sink: RoomSink): void {
    const place = this.#find(playerId)
    if (place?.client?.sink === sink) place.client = undefined
  }

  /** Connects somebody without a seat, who only watches. Throws SEATED, NOT_WATCHABLE, AUDIENCE_FULL. */
  spectate(playerId: string, sink: RoomSink, after?: number): void {
    if (this.#find(playerId)) throw roomsErrors.SEATED()
    this.audience.add(playerId, sink)
    this.#tellAgain(sink, PUBLIC, after)
  }

  /** Takes an input frame from the seat's own sink; from any other it is ignored. Throws INVALID_INPUT. */
  receive(playerId: string, sink: RoomSink, frame: Uint8Array): void {
    const place = this.#find(playerId)
    const decoded = this.#inputCodec.decode(frame, place?.inputs.receivedSeq)
    const client = place?.client
    if (!place || client?.sink !== sink || this.over) return
    client.pace.acknowledge(decoded.ackTick, this.tickCount)
    place.inputs.receive(decoded, client.sight.look(decoded, client.pace.ackTick))
  }

  tick(): void {
    if (this.over) return
    try {
      this.#play()
    } catch (error) {
      this.#options.onError(this, error)
      this.#finish('error', null)
    }
  }

  snapshot(): RoomSnapshot {
    const seats: SeatSnapshot[] = [...this.#places.values()].map(({ seat, left, skill }) => ({ ...seat, left, skill }))
    return {
      roomId: this.roomId,
      game: this.game.name,
      gameVersion: this.game.version,
      seed: this.#seed,
      options: this.#options.request.options,
      startedAtMs: this.startedAtMs,
      tick: this.tickCount,
      random: this.#random.state(),
      botRandom: this.#botRandom.state(),
      seats,
      state: this.state,
      told: this.#told.kept,
    }
  }

  recording(): Recording {
    const { request } = this.#options
    const { game } = this
    return {
      game: game.name,
      gameVersion: game.version,
      seed: this.#seed,
      options: request.options,
      steps: this.#steps,
      ticks: this.tickCount,
    }
  }

  end(reason: string, outcome: Outcome | null): RoomEnd {
    return {
      roomId: this.roomId,
      game: this.game.name,
      gameVersion: this.game.version,
      seed: this.#seed,
      startedAtMs: this.startedAtMs,
      endedAtMs: this.#options.nowMs(),
      reason,
      outcome,
      seats: this.seats,
    }
  }

  /** Lets go of everybody without a result: the process stops, or the room is another's now. */
  close(): void {
    if (this.over) return
    this.over = true
    for (const { client } of this.#places.values()) client?.sink.closed('stopped')
    this.audience.close('stopped')
  }

  #play(): void {
    if (this.tickCount % this.#botEveryTicks === 0) this.#askBots()
    for (const { inputs, apply } of this.#present) inputs.drain(apply)
    this.tickCount++
    this.game.tick(this.#state, this.#now())
    const outcome = this.game.outcome(this.#state)
    const late = this.tickCount * this.tickMs >= this.game.lastsMsMax
    const isLast = outcome !== null || late
    if (isLast || this.tickCount % this.game.sendEveryTicks === 0) this.#broadcast(isLast)
    if (outcome) this.#finish(outcome.reason, outcome)
    else if (late) this.#finish('time', null)
  }

  #apply(seat: number, input: Row<Layout>, toldTick: number | undefined): void {
    const seenTick = toldTick === undefined ? undefined : believedTick(toldTick, this.tickCount, this.tickMs)
    this.#record({ tick: this.tickCount, kind: 'input', seat, input, seenTick })
    this.game.input(this.#state, seat, input, this.#now(), seenTick)
  }

  #askBots(): void {
    for (const { seat, skill } of this.#present) {
      const input = seat.bot ? this.game.bot(this.#state, seat.index, skill, this.#botRandom) : null
      if (input) this.#apply(seat.index, input, undefined)
    }
  }

  /** The last view goes out to everybody, however far behind. */
  #broadcast(isLast: boolean): void {
    const { tickCount: tick, handle } = this
    const viewers: Viewer[] = []
    for (const { seat, client } of this.#present) {
      if (!client || !(isLast || client.pace.isDue(tick))) continue
      if (this.game.sharedView) viewers.push(client)
      else this.#stream(seat.index).broadcast(handle, tick, [client])
    }
    for (const watcher of this.audience.watchers) if (isLast || watcher.pace.isDue(tick)) viewers.push(watcher)
    if (this.game.sharedView || viewers.length > 0) this.#stream(PUBLIC).broadcast(handle, tick, viewers)
  }

  /** What is seen from a seat, or by the public: all of them, where every seat sees the same. */
  #stream(viewpoint: number | typeof PUBLIC): ViewStream {
    let stream = this.#streams.get(viewpoint)
    if (!stream) {
      stream = new ViewStream(this.#plan, (out) => this.game.view(this.#state, viewpoint, out))
      this.#streams.set(viewpoint, stream)
    }
    return stream
  }

  #finish(reason: string, outcome: Outcome | null): void {
    if (this.over) return
    this.over = true
    // The last view has gone out before this, and sinks keep their order.
    for (const { client } of this.#places.values()) client?.sink.closed('ended')
    this.audience.close('ended')
    this.#options.onOver(this, reason, outcome)
  }

  /** The same object each time: games do not keep it. */
  #now(): Turn {
    this.#turn.tick = this.tickCount
    this.#turn.timeMs = this.tickCount * this.tickMs
    return this.#turn
  }

  #emit(event: GameEvent, toSeat: number | undefined): void {
    const seq = this.#told.add(this.tickCount, toSeat ?? null, event)
    for (const { seat, client } of this.#present) {
      if (toSeat === undefined || seat.index === toSeat) client?.sink.event(event, seq)
    }
    if (toSeat === undefined) this.audience.tell(event, seq)
  }

  #tellAgain(sink: RoomSink, seat: number | typeof PUBLIC, after: number | undefined): void {
    if (after === undefined) return
    for (const { event, seq } of this.#told.after(after, seat)) sink.event(event, seq)
  }

  #place(seat: Seat, skill: number, left: boolean): void {
    const apply: Place['apply'] = (input, toldTick) => this.#apply(seat.index, input, toldTick)
    this.#places.set(seat.index, { seat, skill, left, inputs: new InputQueue(), apply, client: undefined })
    this.#count()
  }

  #count(): void {
    this.#present = [...this.#places.values()].filter(({ left }) => !left)
  }

  #find(playerId: string): Place | undefined {
    return this.#present.find(({ seat }) => seat.playerId === playerId)
  }

  #placeOf(playerId: string): Place {
    const place = this.#find(playerId)
    if (!place) throw roomsErrors.NOT_SEATED()
    return place
  }

  #vacate(place: Place): void {
    place.left = true
    this.#count()
    place.client?.sink.closed('left')
    place.client = undefined
    this.#record({ tick: this.tickCount, kind: 'leave', seat: place.seat.index })
    this.game.leave(this.#state, place.seat.index, this.#now())
  }

  #freeIndex(): number | undefined {
    for (let index = 0; index < this.game.seats.max; index++) if (!this.#places.has(index)) return index
    return undefined
  }

  /** A bot's seat is taken over whole: its index, and nothing of its score. */
  #dismissBot(): number | undefined {
    const bot = this.#present.find(({ seat }) => seat.bot)
    if (!bot) return undefined
    this.#vacate(bot)
    this.#places.delete(bot.seat.index)
    return bot.seat.index
  }

  #record(step: RecordedStep): void {
    if (!this.#options.record) return
    if (this.#steps.length >= RECORDED_STEPS_MAX) throw core.UNAVAILABLE({ message: 'The recording is too long.' })
    this.#steps.push(step)
  }
}
