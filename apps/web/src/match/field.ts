import 'pixi.js/unsafe-eval'
import { AVATAR_RADIUS, FIELD_HEIGHT, FIELD_WIDTH, OBSTACLES, PICKUPS, type Weapon } from '@meydan/games/arena'
import { Application, Container, Graphics } from 'pixi.js'
import { FIELD_COLOURS, seatColour } from '../colours.ts'
import { wantsLessMotion } from '../motion.ts'
import { type Arms, AvatarSprite, type Shown } from './avatar.ts'
import { along, type Place } from './camera.ts'
import type { StickShown } from './controls.ts'
import { drawPickup } from './pickup.ts'
import { Shake } from './shake.ts'

export interface ShownShot {
  /** Who fired it. */
  readonly seat: number
  readonly weapon: Weapon
  readonly x: number
  readonly y: number
  /** Where its streak begins. */
  readonly tailX: number
  readonly tailY: number
}

/**
 * `play`: never so small that one could not play on it, with room for the thumbs. `whole`: the whole field, however small.
 * `follow`: close to one player, as large as the window's height.
 */
export type Camera = 'play' | 'whole' | 'follow'

/** What one frame shows. */
export interface Picture {
  readonly nowMs: number
  readonly avatars: readonly Shown[]
  readonly shots: readonly ShownShot[]
  /** Those that lie there, by index in PICKUPS. */
  readonly pickups: ReadonlySet<number>
  /** Whom the camera follows where the field is larger than the screen. */
  readonly watched: number | undefined
  readonly camera: Camera
  readonly arms: Arms
  readonly sticks: readonly StickShown[]
}

export interface Field {
  draw(picture: Picture): void
  /** A ring where somebody fell. */
  burst(at: Place, nowMs: number): void
  /** Shakes the picture, by 0 to 1 of the most; not at all when calm. */
  shake(strength: number, nowMs: number): void
  /** Where a point of the field is on the element, CSS pixels. */
  onScreen(point: Place): { x: number; y: number }
  destroy(): void
}

const GRID_STEP = 100
/** On a small screen the field is larger than the screen, and the camera follows. */
const SCALE_MIN = 0.55
const SCALE_FOLLOW_MAX = 1
/** What is written on the field is as small as this at the least, CSS pixels. */
const LABEL_PX_MIN = 11
const LABEL_PX = 18
const MARGIN_PX = 8
const BURST_MS = 450
/** Half of the way to somebody else the camera goes in this time, however many frames there are. */
const GLIDE_HALF_MS = 90

/** Opens the drawing on an element. */
export async function openField(element: HTMLElement): Promise<Field> {
  const app = new Application()
  await app.init({
    resizeTo: element,
    background: FIELD_COLOURS.ground,
    antialias: true,
    autoDensity: true,
    resolution: Math.min(2, window.devicePixelRatio),
    preference: ['webgl', 'canvas'],
    // Drawn when the match's own loop says so, once a frame.
    autoStart: false,
  })
  element.append(app.canvas)
  const world = new Container()
  const [pickups, shots, bursts, sticks] = [new Graphics(), new Graphics(), new Graphics(), new Graphics()]
  const avatars = new Container()
  world.addChild(ground(), pickups, shots, avatars, bursts)
  // Around the world, so that where the mouse points on the field does not shake with it.
  const shaken = new Container()
  const shake = new Shake()
  shaken.addChild(world)
  app.stage.addChild(shaken, sticks)
  const sprites = new Map<number, AvatarSprite>()
  const fallen: { readonly at: Place; readonly sinceMs: number }[] = []
  let drawnMs = 0
  let focus: Place = { x: FIELD_WIDTH / 2, y: FIELD_HEIGHT / 2 }

  const look = (camera: Camera): void => {
    const { width, height } = app.screen
    const fit = Math.min((width - 2 * MARGIN_PX) / FIELD_WIDTH, (height - 2 * MARGIN_PX) / FIELD_HEIGHT)
    const tall = Math.min(SCALE_FOLLOW_MAX, (height - 2 * MARGIN_PX) / FIELD_HEIGHT)
    const scale = camera === 'whole' ? fit : Math.max(SCALE_MIN, fit, camera === 'follow' ? tall : 0)
    world.scale.set(scale)
    // Upright screens keep the field at the top: the thumbs have the bottom.
    const rest = height > width && camera === 'play' ? 'start' : 'centre'
    world.position.set(
      along({ screen: width, size: FIELD_WIDTH * scale, focus: focus.x * scale, margin: MARGIN_PX, rest: 'centre' }),
      along({ screen: height, size: FIELD_HEIGHT * scale, focus: focus.y * scale, margin: MARGIN_PX, rest }),
    )
  }

  const forget = (nowMs: number): void => {
    while (fallen[0] && nowMs - fallen[0].sinceMs > BURST_MS) fallen.shift()
  }

  const spriteOf = (seat: number): AvatarSprite => {
    const sprite = sprites.get(seat) ?? new AvatarSprite(seat)
    if (!sprites.has(seat)) {
      sprites.set(seat, sprite)
      avatars.addChild(sprite.view)
    }
    return sprite
  }

  return {
    draw(picture) {
      const watched = picture.avatars.find(({ seat }) => seat === picture.watched)
      const glide = 1 - 0.5 ** ((picture.nowMs - drawnMs) / GLIDE_HALF_MS)
      drawnMs = picture.nowMs
      if (watched) focus = watched.isMine ? watched : towards(focus, watched, Math.max(0, glide))
      look(picture.camera)
      const labelScale = Math.max(1, LABEL_PX_MIN / (LABEL_PX * world.scale.x))
      const { x, y } = shake.offset(picture.nowMs)
      shaken.position.set(x, y)
      for (const avatar of picture.avatars) spriteOf(avatar.seat).show(avatar, picture.arms, labelScale, picture.nowMs)
      for (const [seat, sprite] of sprites) {
        sprite.view.visible = picture.avatars.some((avatar) => avatar.seat === seat)
      }
      drawShots(shots.clear(), picture.shots)
      pickups.clear()
      for (const [index, pickup] of PICKUPS.entries()) if (picture.pickups.has(index)) drawPickup(pickups, pickup)
      forget(picture.nowMs)
      bursts.clear()
      for (const { at, sinceMs } of fallen) drawBurst(bursts, at, (picture.nowMs - sinceMs) / BURST_MS)
      drawSticks(sticks.clear(), picture.sticks)
      app.render()
    },
    burst(at, nowMs) {
      // Here as well as in a frame: a hidden tab has no frames.
      forget(nowMs)
      if (!wantsLessMotion()) fallen.push({ at, sinceMs: nowMs })
    },
    shake(strength, nowMs) {
      if (wantsLessMotion()) return
      shake.begin(strength, nowMs)
      // For whoever reads the page rather than looks at it.
      element.dataset.shakes = String(Number(element.dataset.shakes ?? 0) + 1)
    },
    onScreen: ({ x, y }) => ({ x: world.x + x * world.scale.x, y: world.y + y * world.scale.y }),
    destroy: () => app.destroy({ removeView: true }, { children: true }),
  }
}

function ground(): Graphics {
  const drawn = new Graphics()
  for (let x = GRID_STEP; x < FIELD_WIDTH; x += GRID_STEP) drawn.moveTo(x, 0).lineTo(x, FIELD_HEIGHT)
  for (let y = GRID_STEP; y < FIELD_HEIGHT; y += GRID_STEP) drawn.moveTo(0, y).lineTo(FIELD_WIDTH, y)
  drawn.stroke({ color: FIELD_COLOURS.grid, width: 1 })
  for (const { x, y, width, height } of OBSTACLES) drawn.roundRect(x, y, width, height, 8)
  drawn.fill(FIELD_COLOURS.wall)
  return drawn.roundRect(-3, -3, FIELD_WIDTH + 6, FIELD_HEIGHT + 6, 10).stroke({ color: FIELD_COLOURS.wall, width: 6 })
}

function drawShots(into: Graphics, shots: readonly ShownShot[]): void {
  for (const { seat, weapon, x, y, tailX, tailY } of shots) {
    const color = seatColour(seat)
    into.moveTo(tailX, tailY).lineTo(x, y).stroke({ color, width: weapon.radius, alpha: 0.45, cap: 'round' })
    into.circle(x, y, weapon.radius + (weapon.pellets > 1 ? 0 : 1)).fill(color)
  }
}

function towards(from: Place, to: Place, part: number): Place {
  return { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
}

function drawBurst(into: Graphics, { x, y }: Place, part: number): void {
  into.circle(x, y, AVATAR_RADIUS * (1 + 2.5 * part)).stroke({ color: 0xffffff, width: 4, alpha: 0.8 * (1 - part) })
}

function drawSticks(into: Graphics, sticks: readonly StickShown[]): void {
  for (const { x, y, dx, dy, radius, isHeld } of sticks) {
    const alpha = isHeld ? 0.5 : 0.22
    into.circle(x, y, radius).stroke({ color: 0xffffff, width: 2, alpha })
    into.circle(x + dx, y + dy, radius * 0.42).fill({ color: 0xffffff, alpha })
  }
}
