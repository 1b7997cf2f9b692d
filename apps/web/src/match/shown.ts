import {
  type ArenaOwn,
  type ArenaShot,
  aimX,
  aimY,
  type arena,
  BOLT,
  LIFE,
  shotDistance,
  shotOwner,
  shotRange,
  shotsOfRow,
  type Tracers,
} from '@meydan/games/arena'
import type { Entered, Frame, Room } from '@meydan/sdk'
import type { Shown } from './avatar.ts'
import type { Place } from './camera.ts'
import type { ShownShot } from './field.ts'
import type { Names } from './scene.ts'

/** A room of the arena, with a seat in it or without. */
export type ArenaRoom = Room<typeof arena.inputLayout, typeof arena.viewLayout, Entered>
export type ArenaView = ArenaRoom['view']
export type ArenaFrame = Frame<ArenaOwn, typeof arena.viewLayout>
type Avatar = ArenaView['avatars'] extends ReadonlyMap<number, infer R> ? R : never

/** How long a bolt's and a pellet's streaks are, in px of the field. */
const STREAK = { bolt: 26, pellet: 16 } as const

/** Where the own avatar is to be drawn; undefined while there is none to foretell. */
export function placeOf({ place }: ArenaFrame): Place | undefined {
  const [x, y] = place ?? []
  return x === undefined || y === undefined ? undefined : { x, y }
}

/** Everybody as a frame shows them. `aim` is where the player looks, which only the player knows yet. */
export function shownAvatars(
  frame: ArenaFrame,
  room: Pick<ArenaRoom, 'view'> & { readonly joined: Pick<Entered, 'seat'> },
  names: Names,
  aim: number,
): Shown[] {
  const { others, shownTick } = frame
  if (!others) return []
  const mine = placeOf(frame)
  return [...others.to.avatars].map(([seat, to]) => {
    const isMine = seat === room.joined.seat
    // One's own wounds are shown at once, like one's own steps; and whoever has fallen lies where that was.
    const told = isMine ? room.view.avatars.get(seat) : undefined
    const { health, life, shells, hasteEndsTick } = told ?? to
    const isFast = shownTick < hasteEndsTick
    const { x, y, aim: seen } = told ?? between(others.from.avatars.get(seat), to, others.part)
    const at = isMine && mine ? { ...mine, aim } : { x, y, aim: seen }
    return { seat, name: names.nameOf(seat), health, life, shells, isFast, isMine, ...at }
  })
}

/** Who comes back to life jumps to where that is; everybody else glides. */
function between(from: Avatar | undefined, to: Avatar, part: number): { x: number; y: number; aim: number } {
  const jumps = !from || (from.life === LIFE.dead && to.life !== LIFE.dead)
  if (jumps) return { x: to.x, y: to.y, aim: to.aim }
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, aim: to.aim }
}

/** The player's own shots: drawn at once, and where they meet on the screen whom they meet on the server. */
export function ownShots(
  tracers: Tracers,
  frame: ArenaFrame,
  { view, tick }: ArenaRoom,
  seat: number,
  avatars: readonly Shown[],
): ShownShot[] {
  const told = [...view.shots].flatMap(([slot, row]) => (shotOwner(slot) === seat ? shotsOfRow(slot, row) : []))
  const others: Shown[] = []
  for (const avatar of avatars) others[avatar.seat] = avatar
  const { flying } = tracers.follow([...told, ...(frame.own?.fired ?? [])], tick, frame.shownTick, others)
  return flying.flatMap(({ shot, flown }) => streak(seat, shot, flown))
}

/** Everybody's shots of a view but one seat's. They move on between snapshots: where one is follows from when it was fired. */
export function shotsAt({ shots }: ArenaView, tick: number, exceptSeat: number | null): ShownShot[] {
  return [...shots].flatMap(([slot, row]) => {
    const seat = shotOwner(slot)
    if (seat === exceptSeat) return []
    // A blast's row is as many as it has pellets.
    return shotsOfRow(slot, row).flatMap((shot) => {
      const flown = shotDistance(shot.born, tick, shot.weapon)
      return flown < shotRange(shot.x, shot.y, shot.aim, shot.weapon) ? streak(seat, shot, flown) : []
    })
  })
}

/** Nothing of a shot that has not left the barrel on this screen: a dot that hangs in the air is not one in flight. */
function streak(seat: number, { x, y, aim, weapon }: ArenaShot, flown: number): ShownShot[] {
  if (flown <= 0) return []
  const tail = Math.max(0, flown - (weapon === BOLT ? STREAK.bolt : STREAK.pellet))
  const at = (along: number): Place => ({ x: x + aimX(aim) * along, y: y + aimY(aim) * along })
  return [{ seat, weapon, ...at(flown), tailX: at(tail).x, tailY: at(tail).y }]
}

export function readyPickups(view: ArenaView): ReadonlySet<number> {
  return new Set([...view.pickups].flatMap(([index, { ready }]) => (ready === 1 ? [index] : [])))
}

/** For whoever reads the page rather than looks at it: tests, and the curious. */
export function tell(element: HTMLElement, { view, joined: { seat } }: ArenaRoom, avatars: readonly Shown[]): void {
  const mine = avatars.find(({ isMine }) => isMine)
  element.dataset.seat = String(seat ?? '')
  element.dataset.x = mine ? mine.x.toFixed(1) : ''
  element.dataset.y = mine ? mine.y.toFixed(1) : ''
  element.dataset.aim = mine ? String(mine.aim) : ''
  element.dataset.shots = String([...view.shots.keys()].filter((slot) => shotOwner(slot) === seat).length)
  const others = avatars.filter(({ isMine }) => !isMine)
  element.dataset.others = JSON.stringify(
    others.map((each) => ({ seat: each.seat, x: Math.round(each.x), y: Math.round(each.y) })),
  )
}
