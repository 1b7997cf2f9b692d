import type { Game, GameEvent } from '@meydan/contracts/core'
import { roomsErrors } from '@meydan/contracts/rooms'
import { InputCodec } from '@meydan/contracts/wire'
import { Client } from './client.ts'
import type { RoomSink } from './face.ts'

/**
 * People who may watch one room. A watcher costs a send for each snapshot, as a player does: at 64 the arena's five players pay with
 * a tick that writes fourteen times as many frames, which is as much as the process's other rooms can be asked to wait for.
 */
export const AUDIENCE_MAX = 64

const NO_INPUTS = { appliedSeq: 0 }

/** Who watches a room without a seat in it. They see what the public may see, decide nothing, and do not keep the room open. */
export class Audience {
  readonly #game: Game
  readonly #inputCodec: InputCodec
  readonly #watchers = new Map<string, Client>()

  constructor(game: Game) {
    this.#game = game
    this.#inputCodec = new InputCodec(game.inputLayout)
  }

  get size(): number {
    return this.#watchers.size
  }

  /** The same player again replaces the earlier connection. Throws NOT_WATCHABLE, AUDIENCE_FULL. */
  add(playerId: string, sink: RoomSink): void {
    if (this.#game.spectators !== true) throw roomsErrors.NOT_WATCHABLE()
    if (!this.#watchers.has(playerId) && this.size >= AUDIENCE_MAX) throw roomsErrors.AUDIENCE_FULL()
    this.dismiss(playerId)
    const { tickMs, sendEveryTicks } = this.#game
    this.#watchers.set(playerId, new Client(sink, NO_INPUTS, tickMs, sendEveryTicks))
  }

  /** Stops watching through this sink; another one of the same player goes on. */
  remove(playerId: string, sink: RoomSink): void {
    if (this.#watchers.get(playerId)?.sink === sink) this.#watchers.delete(playerId)
  }

  /** Lets go of a player who watches elsewhere from now on, or has got a seat. */
  dismiss(playerId: string): void {
    const watcher = this.#watchers.get(playerId)
    this.#watchers.delete(playerId)
    watcher?.sink.closed('replaced')
  }

  /** A frame without inputs acknowledges; any other throws WATCHING_ONLY, and bad bytes INVALID_INPUT. */
  receive(playerId: string, sink: RoomSink, frame: Uint8Array, nowTick: number): void {
    const { ackTick, inputs } = this.#inputCodec.decode(frame)
    if (inputs.length > 0) throw roomsErrors.WATCHING_ONLY()
    const watcher = this.#watchers.get(playerId)
    if (watcher?.sink === sink) watcher.pace.acknowledge(ackTick, nowTick)
  }

  /** Who watches now. */
  get watchers(): Iterable<Client> {
    return this.#watchers.values()
  }

  tell(event: GameEvent, seq: number): void {
    for (const { sink } of this.#watchers.values()) sink.event(event, seq)
  }

  close(reason: 'ended' | 'stopped'): void {
    for (const { sink } of this.#watchers.values()) sink.closed(reason)
    this.#watchers.clear()
  }
}
