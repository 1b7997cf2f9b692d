import {
  AIM_STEPS,
  AVATAR_RADIUS,
  FIELD_HEIGHT,
  FIELD_WIDTH,
  FIRE,
  HEALTH_MAX,
  LIFE,
  SHELLS_MAX,
} from '@meydan/games/arena'
import { Container, Graphics, Text } from 'pixi.js'
import { FIELD_COLOURS, seatColour } from '../colours.ts'
import { wantsLessMotion } from '../motion.ts'
import { labelOffset } from './label.ts'

/** One avatar as it is to be drawn now. */
export interface Shown {
  readonly seat: number
  readonly name: string
  readonly x: number
  readonly y: number
  readonly aim: number
  readonly health: number
  readonly life: number
  readonly shells: number
  /** Under haste. */
  readonly isFast: boolean
  readonly isMine: boolean
}

/** The player's own weapon. */
export interface Arms {
  /** A value of FIRE. */
  readonly chosen: number
  /** How much of the loading is done, 0 to 1. */
  readonly loaded: number
}

const BAR_WIDTH = 46
const BAR_HEIGHT = 6
/** Between the avatar and what is written over it. */
const LABEL_GAP = 9
const NAME_SIZE = 18
/** A longer name is cut: it would cover those of others. */
const NAME_CHARS_MAX = 16
const HEALTH_LOW = 40
/** Shells lie under the own avatar, where the eyes are. */
const SHELL = { width: 6, height: 10, gap: 3, y: AVATAR_RADIUS + 9 } as const
/** How long a hit is seen on whom it met. */
const FLASH_MS = 120

/** What is drawn of one seat. Shapes are made once; a frame only moves, turns and stretches them. */
export class AvatarSprite {
  readonly view = new Container()
  readonly #turning = new Container()
  readonly #flash = new Graphics().circle(0, 0, AVATAR_RADIUS).fill(0xffffff)
  readonly #shield = new Graphics().circle(0, 0, AVATAR_RADIUS + 9)
  readonly #ring = new Graphics().circle(0, 0, AVATAR_RADIUS + 4)
  readonly #health = new Graphics().roundRect(0, 0, BAR_WIDTH, BAR_HEIGHT, 3).fill(0xffffff)
  readonly #bar = new Container()
  readonly #speed = new Graphics()
  readonly #arms = new Graphics()
  readonly #name: Text
  readonly #label = new Container()
  #labelWidth = BAR_WIDTH
  #lastHealth = HEALTH_MAX
  #hurtAtMs = Number.NEGATIVE_INFINITY
  #heading = 0

  constructor(seat: number) {
    const colour = seatColour(seat)
    const body = new Graphics().roundRect(6, -6, AVATAR_RADIUS + 8, 12, 5).fill(colour)
    body
      .circle(0, 0, AVATAR_RADIUS)
      .fill(colour)
      .circle(0, 0, AVATAR_RADIUS * 0.45)
      .fill({ color: 0x000000, alpha: 0.28 })
    this.#turning.addChild(body)
    this.#shield.stroke({ color: FIELD_COLOURS.shield, width: 2.5 })
    this.#ring.stroke({ color: 0xffffff, width: 3 })
    const back = new Graphics().roundRect(-1, -1, BAR_WIDTH + 2, BAR_HEIGHT + 2, 4).fill(0x0b0f0e)
    this.#bar.addChild(back, this.#health)
    this.#bar.position.set(-BAR_WIDTH / 2, -BAR_HEIGHT)
    this.#name = new Text({
      text: '',
      resolution: 2,
      style: { fill: 0xe7ece9, fontSize: NAME_SIZE, fontFamily: 'system-ui, sans-serif', fontWeight: '600' },
    })
    this.#name.anchor.set(0.5, 1)
    this.#name.y = -BAR_HEIGHT - 3
    this.#label.addChild(this.#bar, this.#name)
    for (const y of [-9, 0, 9])
      this.#speed.moveTo(-AVATAR_RADIUS - 5, y).lineTo(-AVATAR_RADIUS - (y === 0 ? 22 : 15), y)
    this.#speed.stroke({ color: FIELD_COLOURS.haste, width: 3, cap: 'round' })
    this.view.addChild(this.#speed, this.#arms, this.#shield, this.#turning, this.#flash, this.#ring, this.#label)
  }

  /** `labelScale`: how much larger than the field what is written is drawn, so that it can be read on a small one. */
  show(
    { x, y, aim, health, life, name, shells, isFast, isMine }: Shown,
    arms: Arms,
    labelScale: number,
    nowMs: number,
  ): void {
    const isDead = life === LIFE.dead
    if (health < this.#lastHealth) this.#hurtAtMs = nowMs
    this.#lastHealth = health
    const [dx, dy] = [x - this.view.x, y - this.view.y]
    if (dx !== 0 || dy !== 0) this.#heading = Math.atan2(dy, dx)
    this.view.position.set(x, y)
    this.#speed.visible = isFast && !isDead
    this.#speed.rotation = this.#heading
    this.#arms.visible = isMine && !isDead
    if (this.#arms.visible) drawArms(this.#arms.clear(), shells, arms)
    this.view.alpha = isDead ? 0.3 : 1
    this.#turning.rotation = (aim / AIM_STEPS) * Math.PI * 2
    this.#flash.visible = !wantsLessMotion() && !isDead && nowMs - this.#hurtAtMs < FLASH_MS
    this.#shield.visible = life === LIFE.shielded
    this.#ring.visible = isMine
    this.#bar.visible = !isDead
    this.#health.scale.x = health / HEALTH_MAX
    this.#health.tint = health > HEALTH_LOW ? FIELD_COLOURS.medkit : FIELD_COLOURS.hurt
    this.#write(name)
    const height = (NAME_SIZE + BAR_HEIGHT + 6) * labelScale
    const below = AVATAR_RADIUS + LABEL_GAP + (isMine ? SHELL.height + LABEL_GAP : 0)
    const bounds = { width: FIELD_WIDTH, height: FIELD_HEIGHT }
    const offset = labelOffset(
      { x, y },
      { width: this.#labelWidth * labelScale, height },
      AVATAR_RADIUS + LABEL_GAP,
      below,
      bounds,
    )
    this.#label.scale.set(labelScale)
    this.#label.position.set(offset.x, offset.y)
  }

  #write(name: string): void {
    const label = name.length > NAME_CHARS_MAX ? `${name.slice(0, NAME_CHARS_MAX - 1).trimEnd()}…` : name
    if (this.#name.text === label) return
    this.#name.text = label
    this.#labelWidth = Math.max(BAR_WIDTH, this.#name.width)
  }
}

/** Shells under the own avatar, bright while the trigger fires them, and a bar while the weapon loads. */
function drawArms(into: Graphics, shells: number, { chosen, loaded }: Arms): void {
  const width = SHELLS_MAX * (SHELL.width + SHELL.gap) - SHELL.gap
  for (let shell = 0; shell < SHELLS_MAX; shell++) {
    into.roundRect(-width / 2 + shell * (SHELL.width + SHELL.gap), SHELL.y, SHELL.width, SHELL.height, 2)
    if (shell < shells) into.fill({ color: FIELD_COLOURS.shells, alpha: chosen === FIRE.scatter ? 1 : 0.45 })
    else into.stroke({ color: FIELD_COLOURS.shells, width: 1, alpha: 0.5 })
  }
  if (loaded < 1) into.rect(-width / 2, SHELL.y + SHELL.height + 3, width * loaded, 3).fill(0xffffff)
}
