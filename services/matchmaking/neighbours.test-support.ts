import type { KitOverrides } from '@meydan/conformance/harness'
import { core, type EventType, type Id } from '@meydan/contracts/core'
import { ROOM_ENDED, roomsErrors, SEAT_LEFT } from '@meydan/contracts/rooms'
import type { Clock } from '@meydan/kernel/time'
import type { Called } from './parts.ts'
import type { GameRules } from './rules.ts'

export const arena: GameRules = { name: 'arena', seats: { min: 3, max: 5 }, joinInProgress: true, lastsMsMax: 180_000 }

/** `full`: clearly refuses. `silent`: away before it did anything. `lost`: did it, and the answer was lost. `late`: does it after it was given up on. */
export type Mood = 'well' | 'full' | 'silent' | 'lost' | 'late'
export type Neighbour = 'names' | 'ratings' | 'bots' | 'open' | 'seat'

interface FakeRoom {
  readonly people: Set<Id>
  readonly seats: readonly Id[]
  readonly everSeated: Set<Id>
  over: boolean
}

export interface Event {
  readonly event: EventType
  readonly data: object
}

/**
 * The services that matchmaking calls, in one box: they keep who sits where as the real ones promise, fail when told to, and
 * write down every breach of a rule.
 */
export class Neighbours {
  readonly rooms = new Map<Id, FakeRoom>()
  readonly moods = new Map<Neighbour, Mood>()
  /** Announced, not delivered yet. */
  readonly events: Event[] = []
  readonly late: (() => void)[] = []
  readonly breaches: string[] = []
  /** How often a room was asked for. */
  opens = 0
  readonly hired: { count: number; rating: number | undefined }[] = []
  readonly #clock: Clock
  #botIds = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get call(): NonNullable<KitOverrides<Called>['call']> {
    return {
      players: { names: ({ playerIds }) => this.#do('names', () => ({ names: named(playerIds) })) },
      matches: { ratings: ({ playerIds }) => this.#do('ratings', () => ({ ratings: rated(playerIds) })) },
      bots: { hire: (input) => this.#do('bots', () => this.#hire(input)) },
      rooms: {
        open: ({ roomId, seats }) => {
          this.opens++
          return this.#do('open', () => this.#open(roomId, seats))
        },
        seat: ({ roomId, seat }) => this.#do('seat', () => this.#seat(roomId, seat.playerId)),
        running: async ({ roomIds }) => ({ rooms: roomIds.flatMap((roomId) => this.#running(roomId)) }),
      },
    }
  }

  /** The running rooms a player sits in: more than one is a breach. */
  roomsWith(playerId: Id): Id[] {
    return [...this.rooms].filter(([, room]) => !room.over && room.people.has(playerId)).map(([roomId]) => roomId)
  }

  leave(playerId: Id): void {
    for (const roomId of this.roomsWith(playerId)) {
      this.rooms.get(roomId)?.people.delete(playerId)
      this.events.push({ event: SEAT_LEFT, data: { roomId, playerId, at: this.#at() } })
    }
  }

  end(roomId: Id): void {
    const room = this.rooms.get(roomId)
    if (!room || room.over) return
    room.over = true
    const [startedAt, endedAt] = [this.#at(), this.#at()]
    const data = {
      roomId,
      game: arena.name,
      gameVersion: 1,
      seed: 1,
      startedAt,
      endedAt,
      reason: 'time',
      standings: [],
    }
    this.events.push({ event: ROOM_ENDED, data })
  }

  heal(): void {
    this.moods.clear()
    for (const work of this.late.splice(0)) work()
  }

  #at(): string {
    return new Date(this.#clock.now()).toISOString()
  }

  async #do<T>(who: Neighbour, work: () => T): Promise<T> {
    // Every call takes a turn of the event loop, so that others come in between.
    await new Promise((resolve) => setImmediate(resolve))
    const mood = this.moods.get(who) ?? 'well'
    if (mood === 'full') throw roomsErrors.ROOMS_FULL()
    if (mood === 'silent') throw core.UNAVAILABLE()
    if (mood === 'late') {
      this.late.push(() => void attempt(work))
      throw core.DEADLINE_EXCEEDED()
    }
    const answer = work()
    if (mood === 'lost') throw core.DEADLINE_EXCEEDED()
    return answer
  }

  #hire({ count, rating }: { count: number; rating?: number | undefined }) {
    this.hired.push({ count, rating })
    const bots = Array.from({ length: count }, () => ({ botId: `9${++this.#botIds}`, name: 'Bot', skill: 0.5 }))
    return { bots }
  }

  #open(roomId: Id, seats: readonly { readonly playerId: Id; readonly bot: boolean }[]): { roomId: Id } {
    const people = new Set(seats.filter(({ bot }) => !bot).map(({ playerId }) => playerId))
    const known = this.rooms.get(roomId)
    if (known) {
      // Only who has left it meanwhile may be missing.
      const isSame = [...people].every((id) => known.seats.includes(id))
      const isWhole = known.seats.every((id) => people.has(id) || !known.people.has(id))
      if (!isSame || !isWhole) this.breaches.push(`room ${roomId} asked for again with other people`)
      if (known.over) throw roomsErrors.ROOM_GONE()
      return { roomId }
    }
    if (seats.length < arena.seats.min) this.breaches.push(`room ${roomId} started with ${seats.length}`)
    if (people.size > arena.seats.max) this.breaches.push(`room ${roomId} started with ${people.size} people`)
    for (const playerId of people) this.#sit(playerId, roomId)
    this.rooms.set(roomId, { people, seats: [...people], everSeated: new Set(people), over: false })
    return { roomId }
  }

  #seat(roomId: Id, playerId: Id): { seat: number } {
    const room = this.rooms.get(roomId)
    if (!room || room.over) throw roomsErrors.ROOM_GONE()
    if (room.people.has(playerId)) return { seat: 0 }
    if (room.everSeated.has(playerId)) throw roomsErrors.SEAT_GIVEN_UP()
    if (room.people.size >= arena.seats.max) throw roomsErrors.ROOM_FULL()
    this.#sit(playerId, roomId)
    room.people.add(playerId)
    room.everSeated.add(playerId)
    return { seat: 0 }
  }

  #sit(playerId: Id, roomId: Id): void {
    const elsewhere = this.roomsWith(playerId)
    if (elsewhere.length > 0) this.breaches.push(`player ${playerId} got ${roomId} while in ${elsewhere.join()}`)
  }

  #running(roomId: Id): { roomId: Id; playerIds: Id[] }[] {
    const room = this.rooms.get(roomId)
    return room && !room.over ? [{ roomId, playerIds: [...room.people] }] : []
  }
}

/** What came too late is refused like anything else; nobody waits to hear it. */
function attempt(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
  }
}

function named(playerIds: readonly Id[]): Record<Id, string> {
  return Object.fromEntries(playerIds.map((playerId) => [playerId, `name of ${playerId}`]))
}

function rated(playerIds: readonly Id[]): Record<Id, number> {
  return Object.fromEntries(playerIds.map((playerId) => [playerId, 1_000 + Number(playerId)]))
}
