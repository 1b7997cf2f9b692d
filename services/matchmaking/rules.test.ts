import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type GameRules, type OpenRoom, plan, type Situation, type Ticket, WAITING_MS_MAX } from './rules.ts'

const arena: GameRules = { name: 'arena', seats: { min: 3, max: 5 }, joinInProgress: true, lastsMsMax: 180_000 }
const BOT_WAIT_MS = 10_000

/** A world that lives by the plans alone: what a store and the rooms would hold. */
class World {
  nowMs = 0
  botsAvailable = true
  startsMax = Number.POSITIVE_INFINITY
  readonly tickets = new Map<string, Ticket>()
  readonly rooms = new Map<string, OpenRoom & { members: Set<string>; bots: number }>()
  readonly present = new Set<string>()
  #ids = 0

  nextId(): string {
    return String(++this.#ids)
  }

  ask(playerId: string): void {
    this.present.add(playerId)
    if (this.tickets.has(playerId) || this.roomOf(playerId)) return
    this.tickets.set(playerId, {
      ticketId: this.nextId(),
      playerId,
      askedAtMs: this.nowMs,
      roomId: null,
      refusedBy: [],
    })
  }

  roomOf(playerId: string) {
    return [...this.rooms.values()].find(({ state, members }) => state === 'playing' && members.has(playerId))
  }

  situation(): Situation {
    const rooms = [...this.rooms.values()].map(({ members, ...room }) => ({ ...room, people: members.size }))
    const tickets = [...this.tickets.values()].sort((a, b) => Number(a.ticketId) - Number(b.ticketId))
    const { nowMs, present, botsAvailable } = this
    return {
      game: arena,
      nowMs,
      tickets,
      rooms,
      present,
      botWaitMs: BOT_WAIT_MS,
      botsAvailable,
      startsMax: this.startsMax,
      newRoomId: () => this.nextId(),
    }
  }

  match(): void {
    const decided = plan(this.situation())
    for (const playerId of decided.drop) this.tickets.delete(playerId)
    for (const roomId of decided.make) {
      this.rooms.set(roomId, { roomId, state: 'waiting', sinceMs: this.nowMs, people: 0, members: new Set(), bots: 0 })
    }
    for (const { playerId, roomId, joining } of decided.move) {
      const ticket = this.tickets.get(playerId)
      if (!ticket) throw new Error('moved somebody without a ticket')
      if (joining && roomId !== null) {
        this.tickets.delete(playerId)
        this.rooms.get(roomId)?.members.add(playerId)
      } else this.tickets.set(playerId, { ...ticket, roomId })
    }
    for (const { roomId, bots } of decided.start) {
      const members = [...this.tickets.values()].filter((ticket) => ticket.roomId === roomId)
      for (const { playerId } of members) this.tickets.delete(playerId)
      const people = new Set(members.map(({ playerId }) => playerId))
      this.rooms.set(roomId, {
        roomId,
        state: 'playing',
        sinceMs: this.nowMs,
        people: people.size,
        members: people,
        bots,
      })
    }
    for (const roomId of decided.dissolve) this.rooms.delete(roomId)
  }

  check(): void {
    const seen = new Set<string>()
    for (const { state, members, bots } of this.rooms.values()) {
      if (state !== 'playing') continue
      expect(members.size).toBeLessThanOrEqual(arena.seats.max)
      expect(members.size + bots).toBeGreaterThanOrEqual(arena.seats.min)
      for (const playerId of members) {
        expect(seen.has(playerId), 'A4 nobody is in two games').toBe(false)
        expect(this.tickets.has(playerId), 'A4 who plays does not wait').toBe(false)
        seen.add(playerId)
      }
    }
    const isOpen = (room: OpenRoom, people: number) =>
      room.state === 'playing' && people < arena.seats.max && this.nowMs - room.sinceMs < arena.lastsMsMax / 2
    const freeSeat = [...this.rooms.values()].some((room) => isOpen(room, room.members.size))
    expect(freeSeat && this.tickets.size > 0, 'A2 nobody waits while a running game has a free seat').toBe(false)
    for (const room of this.rooms.values()) {
      if (room.state !== 'waiting') continue
      const waiting = [...this.tickets.values()].filter(({ roomId }) => roomId === room.roomId)
      expect(waiting.length).toBeLessThan(arena.seats.min)
    }
  }
}

const step = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), player: fc.integer({ min: 1, max: 14 }) }),
  fc.record({ kind: fc.constant('vanish' as const), player: fc.integer({ min: 1, max: 14 }) }),
  fc.record({ kind: fc.constant('cancel' as const), player: fc.integer({ min: 1, max: 14 }) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 200_000 }) }),
  fc.record({ kind: fc.constant('over' as const) }),
  fc.record({ kind: fc.constant('bots' as const), here: fc.boolean() }),
)

describe('matchmaking', () => {
  test('A1–A5 hold through any history of asking, cancelling, vanishing, waiting and ending', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const world = new World()
        for (const each of steps) {
          if (each.kind === 'ask') world.ask(`p${each.player}`)
          else if (each.kind === 'vanish') world.present.delete(`p${each.player}`)
          else if (each.kind === 'cancel') world.tickets.delete(`p${each.player}`)
          else if (each.kind === 'wait') world.nowMs += each.ms
          else if (each.kind === 'bots') world.botsAvailable = each.here
          else for (const [id, room] of world.rooms) if (room.state === 'playing') world.rooms.delete(id)
          world.match()
          world.check()
        }
      }),
      { numRuns: 400 },
    )
  })

  test('A5 whoever is present and asks is playing once bots have come, whatever the others do', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const world = new World()
        for (const each of steps) {
          if (each.kind === 'ask') world.ask(`p${each.player}`)
          else if (each.kind === 'vanish') world.present.delete(`p${each.player}`)
          world.match()
        }
        world.ask('me')
        world.match()
        world.nowMs += BOT_WAIT_MS
        world.match()
        expect(world.roomOf('me')).toBeDefined()
      }),
    )
  })

  test('A2 the room with the most people is filled first', () => {
    const rooms: OpenRoom[] = [
      { roomId: '1', state: 'playing', sinceMs: 0, people: 3 },
      { roomId: '2', state: 'playing', sinceMs: 0, people: 4 },
      { roomId: '3', state: 'playing', sinceMs: 0, people: 5 },
    ]
    const world = new World()
    world.ask('a')
    expect(plan({ ...world.situation(), rooms }).move).toEqual([{ playerId: 'a', roomId: '2', joining: true }])
  })

  test('A2 a room starts as soon as three people are there, without bots', () => {
    const world = new World()
    for (const player of ['a', 'b', 'c']) world.ask(player)
    const { start, move } = plan(world.situation())
    expect(start).toEqual([{ roomId: move[0]?.roomId, bots: 0 }])
  })

  test('A3 after ten minutes without bots the room is dissolved and the place in the queue kept', () => {
    const world = new World()
    world.botsAvailable = false
    world.ask('a')
    world.match()
    const before = world.tickets.get('a')
    world.nowMs += WAITING_MS_MAX
    world.match()
    expect(world.rooms.size).toBe(0)
    expect(world.tickets.get('a')).toEqual({ ...before, roomId: null })
  })

  test('A2 a match that is half over takes nobody any more', () => {
    const rooms: OpenRoom[] = [{ roomId: '1', state: 'playing', sinceMs: 0, people: 3 }]
    const world = new World()
    world.nowMs = 91_000
    world.ask('a')
    expect(plan({ ...world.situation(), rooms }).move[0]?.joining).toBe(false)
  })

  test('A3 where not all rooms can start, those that have waited longest do', () => {
    const world = new World()
    world.startsMax = 0
    for (let player = 0; player < 12; player++) {
      world.ask(`p${player}`)
      world.match()
      world.nowMs += 100
    }
    world.startsMax = 1
    world.match()
    const playing = Array.from({ length: 12 }, (_, player) => `p${player}`).filter((player) => world.roomOf(player))
    expect(playing).toEqual(['p0', 'p1', 'p2', 'p3', 'p4'])
  })

  test('A4 a room that the player left, or that refused, is not tried again', () => {
    const rooms: OpenRoom[] = [{ roomId: '1', state: 'playing', sinceMs: 0, people: 3 }]
    const world = new World()
    world.ask('a')
    const { tickets } = world.situation()
    const refused = tickets.map((ticket) => ({ ...ticket, refusedBy: ['1'] }))
    expect(plan({ ...world.situation(), rooms, tickets: refused }).move[0]).toMatchObject({ joining: false })
  })
})
