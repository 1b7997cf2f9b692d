import { type arena, arenaForesight, FIELD_HEIGHT, FIELD_WIDTH } from '@meydan/games/arena'
import { Play, type Room, type Watching } from '@meydan/sdk'
import { often } from '../../often.ts'
import type { Place } from '../camera.ts'
import { feel } from '../feedback.ts'
import { openField } from '../field.ts'
import { momentOf } from '../frame-time.ts'
import { happenings } from '../happenings.ts'
import type { Measured } from '../link.tsx'
import type { Names } from '../scene.ts'
import { type ArenaView, readyPickups, shotsAt, shownAvatars, tell } from '../shown.ts'
import type { Sounds } from '../sound.ts'

const TELL_EVERY_MS = 250
const CENTRE: Place = { x: FIELD_WIDTH / 2, y: FIELD_HEIGHT / 2 }
/** Who watches has no weapon to draw. */
const NO_ARMS = { chosen: 0, loaded: 1 } as const

/** What whoever watches has chosen. */
export interface Watcher {
  /** The seat the camera follows; null: it shows the whole field. */
  followed: number | null
  readonly sounds: Sounds
  /** What tells of the line, once the room is open. */
  play: Measured | undefined
}

/** Shows a room on an element until `stop`, everybody in it alike. */
export async function spectateRoom(
  room: Room<typeof arena.inputLayout, typeof arena.viewLayout, Watching>,
  element: HTMLElement,
  names: Names,
  watcher: Watcher,
): Promise<{ stop(): void }> {
  const { sounds } = watcher
  const field = await openField(element)
  const play = new Play(room, arenaForesight)
  watcher.play = play
  const own = (): Place => room.view.avatars.get(watcher.followed ?? -1) ?? CENTRE
  let before: ArenaView | undefined

  const stopSeeing = room.onSnapshot(({ view }) => {
    if (before) feel(happenings(before, view, null), { seat: null, field, sounds, own }, performance.now())
    before = view
  })
  const stopHearing = room.onEvent((event) => {
    if (event.type !== 'KILL') return
    const at = room.view.avatars.get(Number(event.victim))
    if (at) field.burst(at, performance.now())
    sounds.play('kill')
  })
  const avatarsAt = (nowMs: number) => shownAvatars(play.frame(nowMs), room, names, 0)

  let frame = requestAnimationFrame(function next(frameMs) {
    const nowMs = momentOf(frameMs)
    const { others, shownTick } = play.frame(nowMs)
    // Everything at one moment of the past: nobody here has to dodge.
    const shown = others?.to ?? room.view
    field.draw({
      nowMs,
      avatars: avatarsAt(nowMs),
      shots: shotsAt(shown, shownTick, null),
      pickups: readyPickups(shown),
      sticks: [],
      watched: watcher.followed ?? undefined,
      camera: watcher.followed === null ? 'whole' : 'follow',
      arms: NO_ARMS,
    })
    frame = requestAnimationFrame(next)
  })
  const stopTelling = often(TELL_EVERY_MS, () => {
    tell(element, room, avatarsAt(performance.now()))
    element.dataset.followed = String(watcher.followed ?? '')
  })
  return {
    stop() {
      cancelAnimationFrame(frame)
      stopTelling()
      stopSeeing()
      play.stop()
      stopHearing()
      field.destroy()
    },
  }
}
