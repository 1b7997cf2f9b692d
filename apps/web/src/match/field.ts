import {
  AVATAR_RADIUS,
  aimX,
  aimY,
  FIELD_HEIGHT,
  FIELD_WIDTH,
  HEALTH_MAX,
  LIFE,
  MEDKIT_RADIUS,
  MEDKITS,
  OBSTACLES,
  SHOT_RADIUS,
  shotOwner,
} from '@meydan/games/arena'
import { Application, Container, Graphics, Text } from 'pixi.js'

/** One avatar as it is to be drawn now. */
export interface Shown {
  readonly seat: number
  readonly name: string
  readonly x: number
  readonly y: number
  readonly aim: number
  readonly health: number
  readonly life: number
  readonly isMine: boolean
}

export interface ShownShot {
  readonly slot: number
  readonly x: number
  readonly y: number
}

/** Told apart by hue and lightness both, for those who see hues less. */
export const SEAT_COLOURS = [0x2dd4bf, 0xfb923c, 0xa78bfa, 0xf472b6, 0xfacc15] as const
const GROUND = 0x18211f
const GRID = 0x22302c
const WALL = 0x4b5f59
const MEDKIT = 0x86efac
const GRID_STEP = 100
/** On a small screen the field is larger than the screen, and the camera follows. */
const SCALE_MIN = 0.55

export interface Field {
  draw(avatars: readonly Shown[], shots: readonly ShownShot[], medkits: ReadonlySet<number>): void
  /** Where a point of the field is on the element, CSS pixels. */
  onScreen(point: { readonly x: number; readonly y: number }): { x: number; y: number }
  destroy(): void
}

export async function openField(element: HTMLElement): Promise<Field> {
  const app = new Application()
  await app.init({
    resizeTo: element,
    background: GROUND,
    antialias: true,
    autoDensity: true,
    resolution: Math.min(2, window.devicePixelRatio),
  })
  element.append(app.canvas)
  const world = new Container()
  const medkits = new Graphics()
  const shots = new Graphics()
  world.addChild(ground(), medkits, shots)
  app.stage.addChild(world)
  const sprites = new Map<number, AvatarSprite>()
  let focus = { x: FIELD_WIDTH / 2, y: FIELD_HEIGHT / 2 }

  const look = (): void => {
    const { width, height } = app.screen
    const scale = Math.max(SCALE_MIN, Math.min(width / FIELD_WIDTH, height / FIELD_HEIGHT))
    world.scale.set(scale)
    world.position.set(
      along(width, FIELD_WIDTH * scale, focus.x * scale),
      along(height, FIELD_HEIGHT * scale, focus.y * scale),
    )
  }

  return {
    draw(avatars, flying, ready) {
      const mine = avatars.find(({ isMine }) => isMine)
      if (mine) focus = { x: mine.x, y: mine.y }
      look()
      for (const avatar of avatars) {
        const sprite = sprites.get(avatar.seat) ?? new AvatarSprite(avatar.seat)
        if (!sprites.has(avatar.seat)) {
          sprites.set(avatar.seat, sprite)
          world.addChild(sprite.view)
        }
        sprite.show(avatar)
      }
      for (const [seat, sprite] of sprites) sprite.view.visible = avatars.some((avatar) => avatar.seat === seat)
      shots.clear()
      for (const { slot, x, y } of flying)
        shots.circle(x, y, SHOT_RADIUS + 1).fill(SEAT_COLOURS[shotOwner(slot)] ?? 0xffffff)
      medkits.clear()
      for (const [index, { x, y }] of MEDKITS.entries()) if (ready.has(index)) drawMedkit(medkits, x, y)
    },
    onScreen: ({ x, y }) => ({ x: world.x + x * world.scale.x, y: world.y + y * world.scale.y }),
    destroy: () => app.destroy({ removeView: true }, { children: true }),
  }
}

/** Centres what fits, and follows the focus in what does not, without showing what lies beyond the edge. */
function along(screen: number, size: number, focus: number): number {
  if (size <= screen) return (screen - size) / 2
  return Math.min(0, Math.max(screen - size, screen / 2 - focus))
}

function ground(): Graphics {
  const drawn = new Graphics()
  for (let x = GRID_STEP; x < FIELD_WIDTH; x += GRID_STEP) drawn.moveTo(x, 0).lineTo(x, FIELD_HEIGHT)
  for (let y = GRID_STEP; y < FIELD_HEIGHT; y += GRID_STEP) drawn.moveTo(0, y).lineTo(FIELD_WIDTH, y)
  drawn.stroke({ color: GRID, width: 1 })
  for (const { x, y, width, height } of OBSTACLES) drawn.roundRect(x, y, width, height, 8)
  drawn.fill(WALL)
  return drawn.rect(0, 0, FIELD_WIDTH, FIELD_HEIGHT).stroke({ color: WALL, width: 6 })
}

function drawMedkit(into: Graphics, x: number, y: number): void {
  into.circle(x, y, MEDKIT_RADIUS).stroke({ color: MEDKIT, width: 3 })
  into
    .rect(x - 8, y - 2.5, 16, 5)
    .rect(x - 2.5, y - 8, 5, 16)
    .fill(MEDKIT)
}

class AvatarSprite {
  readonly view = new Container()
  readonly #body = new Graphics()
  readonly #name: Text
  readonly #colour: number

  constructor(seat: number) {
    this.#colour = SEAT_COLOURS[seat % SEAT_COLOURS.length] ?? 0xffffff
    this.#name = new Text({
      text: '',
      style: { fill: 0xe7ece9, fontSize: 18, fontFamily: 'system-ui, sans-serif', fontWeight: '600' },
    })
    this.#name.anchor.set(0.5, 1)
    this.#name.y = -AVATAR_RADIUS - 16
    this.view.addChild(this.#body, this.#name)
  }

  show({ x, y, aim, health, life, name, isMine }: Shown): void {
    this.view.position.set(x, y)
    this.view.alpha = life === LIFE.dead ? 0.3 : 1
    this.#name.text = isMine ? 'You' : name
    const body = this.#body.clear()
    body.circle(aimX(aim) * AVATAR_RADIUS, aimY(aim) * AVATAR_RADIUS, 7).fill(this.#colour)
    body.circle(0, 0, AVATAR_RADIUS).fill(this.#colour)
    if (isMine) body.circle(0, 0, AVATAR_RADIUS + 4).stroke({ color: 0xffffff, width: 3 })
    if (life === LIFE.shielded) body.circle(0, 0, AVATAR_RADIUS + 9).stroke({ color: 0xbfe9ff, width: 2 })
    body.roundRect(-22, -AVATAR_RADIUS - 14, 44, 6, 3).fill(0x0b0f0e)
    body.roundRect(-22, -AVATAR_RADIUS - 14, (44 * health) / HEALTH_MAX, 6, 3).fill(health > 40 ? MEDKIT : 0xf87171)
  }
}
