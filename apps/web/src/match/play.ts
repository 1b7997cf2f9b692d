import {
  AIM_STEPS,
  aimTowards,
  aimX,
  aimY,
  type arena,
  BOLT,
  FIRE,
  LIFE,
  pelletAim,
  shotDistance,
  shotOwner,
  shotRange,
  shotWeapon,
  TICK_MS,
} from '@meydan/games/arena'
import type { Room } from '@meydan/sdk'
import { often } from '../often.ts'
import type { Roster } from '../roster.ts'
import type { Shown } from './avatar.ts'
import type { Place } from './camera.ts'
import { readControls } from './controls.ts'
import { feel } from './feedback.ts'
import { openField, type ShownShot } from './field.ts'
import { happenings } from './happenings.ts'
import { Prediction } from './predict.ts'
import type { Sounds } from './sound.ts'
import { Timeline } from './timeline.ts'
import { readWeaponKeys, type WeaponChoice } from './weapon.ts'

export type ArenaRoom = Room<typeof arena.inputLayout, typeof arena.viewLayout>
type View = ArenaRoom['view']
type Avatar = View['avatars'] extends ReadonlyMap<number, infer R> ? R : never

/** Inputs are for whole ticks; after a pause (nothing drawn, nothing heard) at most this many are made up for. */
const CATCH_UP_TICKS_MAX = 8
const TELL_EVERY_MS = 250
/** How long a bolt's and a pellet's streaks are, in px of the field. */
const STREAK = { bolt: 26, pellet: 16 } as const
const STICK_STEPS = 16
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
  const timeline = new Timeline<View>(TICK_MS)
  const prediction = new Prediction()
  const { seat } = room.joined
  const own = (): Place => prediction.position ?? room.view.avatars.get(seat) ?? { x: 0, y: 0 }
  const controls = readControls(element, () => field.onScreen(own()))
  const stopChoosing = new AbortController()
  readWeaponKeys(element, choice, stopChoosing.signal)
  let killer: number | undefined
  let aim = 0
  let playedMs = performance.now()

  const step = (nowMs: number): void => {
    if (nowMs - playedMs > CATCH_UP_TICKS_MAX * TICK_MS) playedMs = nowMs - CATCH_UP_TICKS_MAX * TICK_MS
    for (; playedMs + TICK_MS <= nowMs; playedMs += TICK_MS) {
      const { moveX, moveY, look, turn, fire } = controls.wish()
      if (look) aim = aimTowards(look.dx, look.dy)
      aim = (aim + turn * TURN_STEPS_PER_TICK + AIM_STEPS) % AIM_STEPS
      const input = { moveX: onGrid(moveX), moveY: onGrid(moveY), aim, fire: fire ? choice.chosen : FIRE.none }
      prediction.apply(room.send(input), input)
    }
  }

  const stopSeeing = room.onSnapshot((snapshot) => {
    const before = timeline.newest()
    timeline.add(snapshot)
    const nowMs = performance.now()
    if (before) feel(happenings(before, snapshot.view, seat), { seat, field, sounds, choice, own }, nowMs)
    const mine = snapshot.view.avatars.get(seat)
    if (mine && mine.life !== LIFE.dead) prediction.correct(mine, snapshot.tick, snapshot.inputSeq)
    else prediction.reset()
    step(snapshot.receivedAtMs)
  })
  const stopHearing = room.onEvent((event) => {
    if (event.type !== 'KILL') return
    const at = room.view.avatars.get(Number(event.victim))
    if (at) field.burst(at, performance.now())
    if (event.victim === seat) killer = Number(event.killer)
    if (event.victim === seat) sounds.play('fall')
    else if (event.killer === seat) sounds.play('kill')
  })

  const avatarsAt = (nowMs: number): Shown[] =>
    shownAvatars(timeline, timeline.shownTick(nowMs), { seat, roster, aim, at: prediction.position })

  const draw = (nowMs: number): void => {
    const shots = shownShots(room.view, timeline.serverTick(nowMs))
    field.draw({
      nowMs,
      avatars: avatarsAt(nowMs),
      shots,
      pickups: readyPickups(room.view),
      sticks: controls.sticks(),
      watched: room.view.avatars.get(seat)?.life === LIFE.dead ? killer : seat,
      arms: { chosen: choice.chosen, loaded: choice.loaded(nowMs) },
    })
  }

  const stopTelling = often(TELL_EVERY_MS, () => tell(element, room, avatarsAt(performance.now())))

  let frame = requestAnimationFrame(function next(nowMs) {
    step(nowMs)
    draw(nowMs)
    frame = requestAnimationFrame(next)
  })
  return {
    stop() {
      cancelAnimationFrame(frame)
      stopTelling()
      stopSeeing()
      stopHearing()
      controls.stop()
      stopChoosing.abort()
      field.destroy()
    },
  }
}

/** The stick as it will arrive at the server, so that both move by the same. */
function onGrid(value: number): number {
  return Math.round(value * STICK_STEPS) / STICK_STEPS
}

interface Me {
  readonly seat: number
  readonly roster: Roster
  readonly aim: number
  /** Where prediction says the own avatar is. */
  readonly at: Place | undefined
}

function shownAvatars(timeline: Timeline<View>, tick: number, me: Me): Shown[] {
  const around = timeline.around(tick)
  if (!around) return []
  return [...around.to.avatars].map(([seat, to]) => {
    const isMine = seat === me.seat
    const at = isMine && me.at ? { ...me.at, aim: me.aim } : between(around.from.avatars.get(seat), to, around.part)
    // One's own wounds are shown at once, like one's own steps.
    const { health, life, shells, hasteEndsTick } = (isMine ? timeline.newest()?.avatars.get(seat) : undefined) ?? to
    const isFast = tick < hasteEndsTick
    return { seat, name: me.roster.nameOf(seat), health, life, shells, isFast, isMine, ...at }
  })
}

/** Who comes back to life jumps to where that is; everybody else glides. */
function between(from: Avatar | undefined, to: Avatar, part: number): { x: number; y: number; aim: number } {
  const jumps = !from || (from.life === LIFE.dead && to.life !== LIFE.dead)
  if (jumps) return { x: to.x, y: to.y, aim: to.aim }
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part, aim: to.aim }
}

/** Shots move on between snapshots: where one is follows from when it was fired. A blast's row is as many as it has pellets. */
function shownShots(view: View, tick: number): ShownShot[] {
  return [...view.shots].flatMap(([slot, { x, y, aim, born, spent }]) => {
    const weapon = shotWeapon(slot)
    const distance = shotDistance(born, tick, weapon)
    const tail = Math.max(0, distance - (weapon === BOLT ? STREAK.bolt : STREAK.pellet))
    return Array.from({ length: weapon.pellets }, (_, pellet) => pellet).flatMap((pellet) => {
      const towards = pelletAim(aim, pellet, weapon)
      if ((spent >> pellet) & 1 || distance >= shotRange(x, y, towards, weapon)) return []
      const at = (along: number): Place => ({ x: x + aimX(towards) * along, y: y + aimY(towards) * along })
      return [{ seat: shotOwner(slot), weapon, ...at(distance), tailX: at(tail).x, tailY: at(tail).y }]
    })
  })
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
