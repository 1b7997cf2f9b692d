import type { Layout, Row, View, ViewLayout } from './game.ts'

/** When a step of the own seat becomes true, and what its player was looking at. */
export interface Moment {
  /** The tick that the server will have played with this input. */
  readonly tick: number
  /** The tick at which the player saw the others, as the server will be told. */
  readonly seenTick: number
}

/**
 * What a client needs of a game to play its own seat ahead of the server: the server's rules for one seat, made of what a view
 * tells. Pure, like the game. `Own` is whatever of the seat can be foretold; its values are never changed, only replaced.
 */
export interface Foresight<Own, In extends Layout = Layout, V extends ViewLayout = ViewLayout> {
  /**
   * The own seat as a view shows it. Undefined when there is nothing to foretell: dead, not there, or over. `before` is what the
   * last view made of it, for what a view does not tell.
   */
  own(view: View<V>, seat: number, tick: number, before: Own | undefined): Own | undefined
  /**
   * One tick of the own seat while this input holds, exactly as the server plays it. Inputs are as the server reads them. An input holds until the
   * next: for several ticks when that is late, for none when it was late itself.
   */
  step(own: Own, input: Row<In>, moment: Moment): Own
  /** Where it is drawn: as many numbers as the game has dimensions. */
  place(own: Own): readonly number[]
  /** A correction farther than this is a new place, to jump to; nearer ones are smoothed out. In the units of `place`. */
  readonly jumpsBeyond: number
}
