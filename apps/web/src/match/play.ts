import {
  AIM_STEPS,
  type ArenaInput,
  type ArenaOwn,
  type ArenaShot,
  aimTowards,
  aimX,
  aimY,
  type arena,
  arenaForesight,
  BOLT,
  FIRE,
  LIFE,
  shotDistance,
  shotOwner,
  shotRange,
  shotsOfRow,
  Tracers,
} from '@meydan/games/arena'
import { type Frame, Play, type Room } from '@meydan/sdk'
import { often } from '../often.ts'
import type { Roster } from '../roster.ts'
import type { Shown } from './avatar.ts'
import type { Place } from './camera.ts'
import { readControls } from './controls.ts'
import { feel } from './feedback.ts'
import { openField, type ShownShot } from './field.ts'
import { happenings } from './happenings.ts'
import type { Sounds } from './sound.ts'
import { readWeaponKeys, type WeaponChoice } from './weapon.ts'

export type ArenaRoom = Room<typeof arena.inputLayout, typeof arena.viewLayout>
type View = ArenaRoom['view']
type ArenaFrame = Frame<ArenaOwn, typeof arena.viewLayout>
type Avatar = View['avatars'] extends ReadonlyMap<number, infer R> ? R : never

const TELL_EVERY_MS = 250
/** How long a bolt's and a pellet's streaks are, in px of the field. */
const STREAK = { bolt: 26, pellet: 16 } as const
/** Keys turn by 188° a second: 8/1,024 of a turn each 15 ms. */
const TURN_STEPS_PER_TICK = 8

/** What the player holds and hears; made with the page, since buttons around the field change them, too. */
export interface Gear {
  readonly choice: WeaponChoice
  readonly sounds: Sounds
}

/**
 * Plays a room on an element until `stop`: reads controls, predicts, interpolates, draws. Frames are for drawing alone: a hidden
 * tab has none, and hardly any timers, but the server's snapshots come all the same and keep the game going.
 */
export async function playRoom(
  room: ArenaRoom,
  element: HTMLElement,
  roster: Roster,
  { choice, sounds }: Gear,
): Promise<{ stop(): void }> {
  const field = await openField(element, window.matchMedia('(prefers-reduced-motion: reduce)').matches)
  const play = new Play(room, arenaForesight)
  const { seat } = room.joined
  const tracers = new Tracers(seat)
  const own = (): Place => placeOf(play.frame(performance.now())) ?? room.view.avatars.get(seat) ?? { x: 0, y: 0 }
  const controls = readControls(element, () => field.onScreen(own()))
  const stopChoosing = new AbortController()
  readWeaponKeys(element, choice, stopChoosing.signal)
  let killer: number | undefined
  let aim = 0
  let before: View | undefined

  const wish = (): ArenaInput => {
    const { moveX, moveY, look, turn, fire } = controls.wish()
    if (look) aim = aimTowards(look.dx, look.dy)
    aim = (aim + turn * TURN_STEPS_PER_TICK + AIM_STEPS) % AIM_STEPS
    return { moveX, moveY, aim, fire: fire ? choice.chosen : FIRE.none }
  }

  const stopSeeing = room.onSnapshot(({ view, receivedAtMs }) => {
    const nowMs = performance.now()
    if (before) feel(happenings(before, view, seat), { seat, field, sounds, choice, own }, nowMs)
    before = view
    play.step(receivedAtMs, wish)
  })
  const stopHearing = room.onEvent((event) => {
    if (event.type !== 'KILL') return
    const at = room.view.avatars.get(Number(event.victim))
    if (at) field.burst(at, performance.now())
    if (event.victim === seat) killer = Number(event.killer)
    if (event.victim === seat) sounds.play('fall')
    else if (event.killer === seat) sounds.play('kill')
  })

  const avatarsIn = (frame: ArenaFrame): Shown[] => shownAvatars(frame, room, { seat, roster, aim })

  const draw = (nowMs: number): void => {
    const frame = play.frame(nowMs)
    const avatars = avatarsIn(frame)
    const shots = [...ownShots(tracers, frame, room, avatars), ...othersShots(room, frame.arrivedTick)]
    field.draw({
      nowMs,
      avatars,
      shots,
      pickups: readyPickups(room.view),
      sticks: controls.sticks(),
      watched: room.view.avatars.get(seat)?.life === LIFE.dead ? killer : seat,
      arms: { chosen: choice.chosen, loaded: choice.loaded(nowMs) },
    })
  }

  const stopTelling = often(TELL_EVERY_MS, () => tell(element, room, avatarsIn(play.frame(performance.now()))))

  let frame = requestAnimationFrame(function next(nowMs) {
    play.step(nowMs, wish)
    draw(nowMs)
    frame = requestAnimationFrame(next)
  })
  return {
    stop() {
      cancelAnimationFrame(frame)
      stopTelling()
      stopSeeing()
      play.stop()
      stopHearing()
      controls.stop()
      stopChoosing.abort()
      field.destroy()
    },
  }
}

interface Me {
  readonly seat: number
  readonly roster: Roster
  readonly aim: number
}

function placeOf({ place }: ArenaFrame): Place | undefined {
  const [x, y] = place ?? []
  return x === undefined || y === undefined ? undefined : { x, y }
}

function shownAvatars(frame: ArenaFrame, room: ArenaRoom, me: Me): Shown[] {
  const { others, shownTick } = frame
  if (!others) return []
  const mine = placeOf(frame)
  return [...others.to.avatars].map(([seat, to]) => {
    const isMine = seat === me.seat
    const at = isMine && mine ? { ...mine, aim: me.aim } : between(others.from.avatars.get(seat), to, others.part)
    // One's own wounds are shown at once, like one's own steps.
    const { health, life, shells, hasteEndsTick } = (isMine ? room.view.avatars.get(seat) : undefined) ?? to
    const isFast = shownTick < hasteEndsTick
    return { seat, name: me.roster.nameOf(seat), health, life, shells, isFast, isMine, ...at }
  })
}

/** Who comes back to life jumps to where that is; everybody else glides. */
function between(from: Avatar | undefined, to: Avatar, part: number): { x: number; y: number; aim: number } {
  const jumps = !from || (from.life === LIFE.dead && to.life !== LIFE.dead)
  if (jumps) return { x: to.x, y: to.y, aim: to.aim }
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, aim: to.aim }
}

/** The player's own shots: drawn at once, and where they meet on the screen whom they meet on the server. */
function ownShots(tracers: Tracers, frame: ArenaFrame, room: ArenaRoom, avatars: readonly Shown[]): ShownShot[] {
  const { seat } = room.joined
  const told = [...room.view.shots].flatMap(([slot, row]) => (shotOwner(slot) === seat ? shotsOfRow(slot, row) : []))
  const others: Shown[] = []
  for (const avatar of avatars) others[avatar.seat] = avatar
  const { flying } = tracers.follow([...told, ...(frame.own?.fired ?? [])], room.tick, frame.shownTick, others)
  return flying.map(({ shot, flown }) => streak(seat, shot, flown))
}

/** Shots move on between snapshots: where one is follows from when it was fired. A blast's row is as many as it has pellets. */
function othersShots({ view, joined }: ArenaRoom, tick: number): ShownShot[] {
  return [...view.shots].flatMap(([slot, row]) => {
    const seat = shotOwner(slot)
    if (seat === joined.seat) return []
    return shotsOfRow(slot, row).flatMap((shot) => {
      const flown = shotDistance(shot.born, tick, shot.weapon)
      return flown < shotRange(shot.x, shot.y, shot.aim, shot.weapon) ? [streak(seat, shot, flown)] : []
    })
  })
}

function streak(seat: number, { x, y, aim, weapon }: ArenaShot, flown: number): ShownShot {
  const tail = Math.max(0, flown - (weapon === BOLT ? STREAK.bolt : STREAK.pellet))
  const at = (along: number): Place => ({ x: x + aimX(aim) * along, y: y + aimY(aim) * along })
  return { seat, weapon, ...at(flown), tailX: at(tail).x, tailY: at(tail).y }
}

function readyPickups(view: View): ReadonlySet<number> {
  return new Set([...view.pickups].flatMap(([index, { ready }]) => (ready === 1 ? [index] : [])))
}

/** For whoever reads the page rather than looks at it: tests, and the curious. */
function tell(element: HTMLElement, { view, joined: { seat } }: ArenaRoom, avatars: readonly Shown[]): void {
  const mine = avatars.find(({ isMine }) => isMine)
  element.dataset.seat = String(seat)
  element.dataset.x = mine ? mine.x.toFixed(1) : ''
  element.dataset.y = mine ? mine.y.toFixed(1) : ''
  element.dataset.aim = mine ? String(mine.aim) : ''
  element.dataset.shots = String([...view.shots.keys()].filter((slot) => shotOwner(slot) === seat).length)
  const others = avatars.filter(({ isMine }) => !isMine)
  element.dataset.others = JSON.stringify(
    others.map((each) => ({ seat: each.seat, x: Math.round(each.x), y: Math.round(each.y) })),
  )
}
