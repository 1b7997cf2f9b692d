import type { Id } from '@meydan/contracts/core'

/** What the queue needs to know of a game. */
export interface GameRules {
  readonly name: string
  /** A match starts with `min` and holds `max` people. */
  readonly seats: { readonly min: number; readonly max: number }
  readonly joinInProgress: boolean
  readonly lastsMsMax: number
}

export interface Ticket {
  readonly ticketId: Id
  readonly playerId: Id
  readonly askedAtMs: number
  /** The waiting room the player is in, or none yet. */
  readonly roomId: Id | null
  /** Running rooms that did not take the player. */
  readonly refusedBy: readonly Id[]
}

export interface OpenRoom {
  readonly roomId: Id
  readonly state: 'waiting' | 'playing'
  /** When it began to wait, or to play. */
  readonly sinceMs: number
  /** People in it, those who are joining included. */
  readonly people: number
}

export interface Situation {
  readonly game: GameRules
  readonly nowMs: number
  /** In the order of the queue. */
  readonly tickets: readonly Ticket[]
  /** Rooms that wait, and rooms that play. */
  readonly rooms: readonly OpenRoom[]
  /** Players whose presence key is alive (A5). */
  readonly present: ReadonlySet<Id>
  readonly botWaitMs: number
  /** False when bots are switched off, or nobody answers for them now. */
  readonly botsAvailable: boolean
  /** Rooms that may start now: few while the platform has hardly room for more. */
  readonly startsMax: number
  readonly newRoomId: () => Id
}

/** What to do, all of it at once. */
export interface Plan {
  /** Players who went away while they waited. */
  readonly drop: readonly Id[]
  /** New waiting rooms. */
  readonly make: readonly Id[]
  /** Players and the rooms they are in from now on; null: back to the queue, with their place kept. */
  readonly move: readonly { readonly playerId: Id; readonly roomId: Id | null; readonly joining: boolean }[]
  readonly start: readonly { readonly roomId: Id; readonly bots: number }[]
  readonly dissolve: readonly Id[]
}

/** A3: a waiting room lives this long at most. */
export const WAITING_MS_MAX = 10 * 60_000
/** Whoever comes later than this part of a match would only see its end. */
const JOINABLE_PART = 0.5
/** With bots a room is filled to one below its maximum: lively, and a seat is free without a bot giving way. */
const SEATS_LEFT_BY_BOTS = 1

interface Gathering {
  readonly roomId: Id
  readonly state: 'waiting' | 'playing'
  readonly sinceMs: number
  people: number
  members: Ticket[]
}

/**
 * Decides for one game who waits where and which rooms start (A1–A5). Pure: the same situation gives the same plan.
 * Nobody is in two rooms, no room holds more than `max` people, and none starts with fewer than `min`, bots included.
 */
export function plan(situation: Situation): Plan {
  const { game, nowMs, present } = situation
  const drop = situation.tickets.filter(({ playerId }) => !present.has(playerId)).map(({ playerId }) => playerId)
  const waiting = situation.tickets.filter(({ playerId }) => present.has(playerId))
  const rooms: Gathering[] = situation.rooms.map(({ roomId, state, sinceMs, people }) => {
    const members = waiting.filter((ticket) => ticket.roomId === roomId)
    return { roomId, state, sinceMs, members, people: state === 'waiting' ? members.length : people }
  })
  const make: Id[] = []
  const move: Plan['move'][number][] = []

  for (const ticket of waiting) {
    const own = rooms.find(({ roomId }) => roomId === ticket.roomId)
    let room = fullestOpen(rooms, ticket, game, nowMs)
    if (own) {
      if (!room) continue
      own.people--
      own.members = own.members.filter((member) => member !== ticket)
    }
    if (!room) {
      room = { roomId: situation.newRoomId(), state: 'waiting', sinceMs: nowMs, people: 0, members: [] }
      rooms.push(room)
      make.push(room.roomId)
    }
    room.people++
    room.members.push(ticket)
    move.push({ playerId: ticket.playerId, roomId: room.roomId, joining: room.state === 'playing' })
  }

  const start: Plan['start'][number][] = []
  const dissolve: Id[] = []
  // Who has waited longest comes first where not all can start.
  for (const room of rooms.toSorted((a, b) => a.sinceMs - b.sinceMs)) {
    if (room.state !== 'waiting') continue
    const end = endOfWaiting(room, situation, start.length < situation.startsMax)
    if (end === 'dissolve') {
      dissolve.push(room.roomId)
      for (const { playerId } of room.members) move.push({ playerId, roomId: null, joining: false })
    } else if (end) start.push({ roomId: room.roomId, bots: end.bots })
  }
  return { drop, make, move, start, dissolve }
}

/** A2: of the rooms with a free seat, the one with the most people; of equals the oldest. For who waits already: of those that play. */
function fullestOpen(
  rooms: readonly Gathering[],
  { refusedBy, roomId: own }: Ticket,
  game: GameRules,
  nowMs: number,
): Gathering | undefined {
  const waits = rooms.some(({ roomId }) => roomId === own)
  const open = rooms.filter(
    (room) =>
      (room.state === 'playing' || !waits) &&
      room.people < game.seats.max &&
      isJoinable(room, game, nowMs) &&
      !refusedBy.includes(room.roomId),
  )
  return open.sort((a, b) => b.people - a.people || a.sinceMs - b.sinceMs)[0]
}

/** Rooms that began to play later can be joined; null: none can. */
export function joinableSince({ joinInProgress, lastsMsMax }: GameRules, nowMs: number): Date | null {
  return joinInProgress ? new Date(nowMs - lastsMsMax * JOINABLE_PART) : null
}

function isJoinable({ state, sinceMs }: Gathering, game: GameRules, nowMs: number): boolean {
  if (state === 'waiting') return nowMs - sinceMs < WAITING_MS_MAX
  const since = joinableSince(game, nowMs)
  return since !== null && sinceMs > since.getTime()
}

function endOfWaiting(
  room: Gathering,
  situation: Situation,
  mayStart: boolean,
): { bots: number } | 'dissolve' | undefined {
  const { game, nowMs, botWaitMs, botsAvailable } = situation
  if (room.people === 0) return 'dissolve'
  // Those who only lack a room stay together, however long it takes.
  if (room.people >= game.seats.min) return mayStart ? { bots: 0 } : undefined
  const isOver = nowMs - room.sinceMs >= WAITING_MS_MAX
  if (mayStart && botsAvailable && (isOver || nowMs >= botsAtMs(room.members, botWaitMs))) {
    return { bots: botsFor(room.people, game) }
  }
  return isOver ? 'dissolve' : undefined
}

/** When bots come: so long after the one in the room who asked first. */
export function botsAtMs(members: readonly { readonly askedAtMs: number }[], botWaitMs: number): number {
  return Math.min(...members.map(({ askedAtMs }) => askedAtMs)) + botWaitMs
}

export function botsFor(people: number, { seats }: Pick<GameRules, 'seats'>): number {
  return Math.max(seats.min, seats.max - SEATS_LEFT_BY_BOTS) - people
}
