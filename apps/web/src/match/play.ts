import {
  AIM_STEPS,
  type ArenaInput,
  aimTowards,
  type arena,
  arenaForesight,
  FIRE,
  LIFE,
  Tracers,
} from '@meydan/games/arena'
import { Play, type Room } from '@meydan/sdk'
import { often } from '../often.ts'
import type { Shown } from './avatar.ts'
import type { Place } from './camera.ts'
import { readControls } from './controls.ts'
import { feel } from './feedback.ts'
import { openField } from './field.ts'
import { momentOf } from './frame-time.ts'
import { happenings } from './happenings.ts'
import { JumpMeter, type OwnDrawn } from './jumps.ts'
import type { Measured } from './link.tsx'
import type { Names } from './scene.ts'
import {
  type ArenaFrame,
  type ArenaView,
  ownShots,
  placeOf,
  readyPickups,
  shotsAt,
  shownAvatars,
  tell,
} from './shown.ts'
import type { Sounds } from './sound.ts'
import { readWeaponKeys, type WeaponChoice } from './weapon.ts'

const TELL_EVERY_MS = 250
/** Keys turn by 188° a second: 8/1,024 of a turn each 15 ms. */
const TURN_STEPS_PER_TICK = 8

/** What the player holds and hears; made with the page, since buttons around the field change them, too. */
export interface Gear {
  readonly choice: WeaponChoice
  readonly sounds: Sounds
  /** What tells of the line, once the room is open. */
  play: Measured | undefined
}

/**
 * Plays a room on an element until `stop`: reads controls, predicts, interpolates, draws. Frames are for drawing alone: a hidden
 * tab has none, and hardly any timers, but the server's snapshots come all the same and keep the game going.
 */
export async function playRoom(
  room: Room<typeof arena.inputLayout, typeof arena.viewLayout>,
  element: HTMLElement,
  names: Names,
  gear: Gear,
): Promise<{ stop(): void }> {
  const { choice, sounds } = gear
  const field = await openField(element)
  const play = new Play(room, arenaForesight)
  gear.play = play
  const { seat } = room.joined
  const tracers = new Tracers(seat)
  const jumps = new JumpMeter()
  const own = (): Place => placeOf(play.frame(performance.now())) ?? room.view.avatars.get(seat) ?? { x: 0, y: 0 }
  const controls = readControls(element, () => field.onScreen(own()))
  const stopChoosing = new AbortController()
  readWeaponKeys(element, choice, stopChoosing.signal)
  let killer: number | undefined
  let aim = 0
  let before: ArenaView | undefined

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

  const avatarsIn = (frame: ArenaFrame): Shown[] => shownAvatars(frame, room, names, aim)

  const draw = (nowMs: number): void => {
    const frame = play.frame(nowMs)
    const avatars = avatarsIn(frame)
    const mine = avatars.find(({ isMine }) => isMine)
    if (mine) jumps.add(ownDrawn(frame, mine, room.isOpen, nowMs))
    const shots = [...ownShots(tracers, frame, room, seat, avatars), ...shotsAt(room.view, frame.arrivedTick, seat)]
    field.draw({
      nowMs,
      avatars,
      shots,
      pickups: readyPickups(room.view),
      sticks: controls.sticks(),
      watched: room.view.avatars.get(seat)?.life === LIFE.dead ? killer : seat,
      camera: 'play',
      arms: { chosen: choice.chosen, loaded: choice.loaded(nowMs) },
    })
  }

  const stopTelling = often(TELL_EVERY_MS, () => {
    const nowMs = performance.now()
    tell(element, room, avatarsIn(play.frame(nowMs)))
    element.dataset.quality = JSON.stringify({
      ...play.quality(nowMs),
      jumps: jumps.jumps(nowMs),
      hits: tracers.tally,
    })
  })

  let frame = requestAnimationFrame(function next(frameMs) {
    const nowMs = momentOf(frameMs)
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

function ownDrawn(frame: ArenaFrame, { x, y }: Place, hasLine: boolean, nowMs: number): OwnDrawn {
  const isFast = (frame.own?.hasteEndsTick ?? 0) > frame.shownTick
  return { nowMs, x, y, isFast, isPlayed: frame.place !== undefined, hasLine }
}
