import type { Random } from './random.ts'

/**
 * A number as it travels: clamped to [min, max] and rounded to a multiple of `step` above `min`.
 * What arrives is always finite and in range, so a game need not check that again.
 */
export interface Field {
  readonly min: number
  readonly max: number
  readonly step: number
}

/** The fields of one kind of thing, by name. The order of the keys is the order on the wire. */
export type Layout = Readonly<Record<string, Field>>
export type Row<L extends Layout> = { readonly [K in keyof L]: number }

/** What a client sees: tables of rows, each row under an id of 0–65,535 that is the row's own while it lives. */
export type ViewLayout = Readonly<Record<string, Layout>>

/** A view as whoever looks at it has it: for each table its rows by id, in real units. */
export type View<V extends ViewLayout> = { readonly [T in keyof V]: ReadonlyMap<number, Row<V[T]>> }

/** Collects one view. The engine quantises, compares with what the client has, and sends the difference. */
export interface ViewWriter<V extends ViewLayout> {
  /** `values` may carry more than the layout names; the object is read at once and not kept. */
  row<T extends keyof V & string>(table: T, id: number, values: Row<V[T]>): void
}

export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/** A reliable, rare thing to tell players: a kill, a move, a goal. What changes each tick belongs in the view. */
export interface GameEvent {
  readonly type: string
  readonly [key: string]: Plain
}

/** One place at the table. `index` is 0 … seats.max − 1 and is never given to somebody else in the same room. */
export interface Seat {
  readonly index: number
  readonly playerId: string
  readonly name: string
  readonly bot: boolean
}

/** What a game may use besides its state. There is no other clock and no other chance. */
export interface Turn {
  /** Ticks since the room began. */
  readonly tick: number
  /** Milliseconds since the room began: `tick × tickMs`. */
  readonly timeMs: number
  readonly random: Random
  /** To everybody in the room, those who watch included, or to one seat. */
  emit(event: GameEvent, toSeat?: number): void
}

export interface Standing {
  readonly seat: number
  /** 1 is the best; equal ranks are a draw. */
  readonly rank: number
  readonly score: number
}

/** How a match ended. Every seat that ever joined appears once. */
export interface Outcome {
  readonly standings: readonly Standing[]
  readonly reason: string
}

export interface Setup {
  readonly random: Random
  readonly options: { readonly [key: string]: Plain }
}

/**
 * The rules of one game, pure: plain state in, plain state changed, no I/O, no clock, no Math.random.
 * The same seed, joins, leaves and inputs at the same ticks give the same state, on the server and in a browser.
 */
export interface Game<State = unknown, In extends Layout = Layout, V extends ViewLayout = ViewLayout> {
  readonly name: string
  /** Raised when recorded matches no longer replay. */
  readonly version: number
  readonly title: string
  /** A match starts with `min` and holds `max`. */
  readonly seats: { readonly min: number; readonly max: number }
  readonly tickMs: number
  /** A snapshot goes out every so many ticks. */
  readonly sendEveryTicks: number
  /** The engine ends a room that is still going after this long. */
  readonly lastsMsMax: number
  /** Whether somebody may still join a match that has begun. */
  readonly joinInProgress: boolean
  /** Whether people without a seat may watch; they get `view(state, null)`. A game that does not say so shows itself to nobody. */
  readonly spectators?: boolean
  readonly inputLayout: In
  readonly viewLayout: V

  create(setup: Setup): State
  join(state: State, seat: Seat, turn: Turn): void
  /** The seat's player is gone for good. A dropped connection alone is not a leave. */
  leave(state: State, seat: number, turn: Turn): void
  /**
   * One input of one seat; called before `tick`, at most a few times per tick and seat. `seenTick` is the tick at which the player saw
   * the others when making this input, never later than `turn.tick` and at most a second earlier: what a game needs to decide a hit
   * by what the player saw. Undefined for bots and for clients that have not said: they see the present.
   */
  input(state: State, seat: number, input: Row<In>, turn: Turn, seenTick?: number): void
  tick(state: State, turn: Turn): void
  /** What the seat may see (`null`: a spectator). */
  view(state: State, seat: number | null, out: ViewWriter<V>): void
  /** True when every seat sees the same view, which is then encoded once for all. */
  readonly sharedView: boolean
  snapshot(state: State): Plain
  restore(snapshot: Plain): State
  /** Not null once the match is over. */
  outcome(state: State): Outcome | null
  /** What a bot of this skill (0–1) does in its seat now; null: nothing. Asked a few times a second. */
  bot(state: State, seat: number, skill: number, random: Random): Row<In> | null
}
