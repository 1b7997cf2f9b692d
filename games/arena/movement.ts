import { AVATAR_RADIUS, HASTE_STEPS_PER_TICK, MOVE_STEPS_PER_TICK, POSITION_STEP } from './balance.ts'
import { circleOverlapsRect, clamp } from './geometry.ts'
import { FIELD_HEIGHT, FIELD_WIDTH, OBSTACLES, type Rect } from './map.ts'

/** What moves: a centre, in px, on the grid of POSITION_STEP. */
export interface Body {
  x: number
  y: number
}

/** Where the stick points: each axis −1 to 1. Longer than 1 together counts as 1, so that the diagonal is not faster. */
export interface Stick {
  readonly moveX: number
  readonly moveY: number
}

/** How many position steps an avatar of the view goes in `tick` at a full stick. */
export function stepsPerTick(hasteEndsTick: number, tick: number): number {
  return tick < hasteEndsTick ? HASTE_STEPS_PER_TICK : MOVE_STEPS_PER_TICK
}

/**
 * Moves `body` by one tick, at most `steps` position steps far: the step the server takes, for a client to predict with. It is exact: positions stay on the grid,
 * and only +, −, ×, ÷ and √ are used, which every engine computes alike. A body slides along what it meets.
 */
export function moveAvatar(body: Body, stick: Stick, steps: number): void {
  const { moveX, moveY } = stick
  if (moveX === 0 && moveY === 0) return
  const length = Math.sqrt(moveX * moveX + moveY * moveY)
  const stepsPerUnit = length > 1 ? steps / length : steps
  // Rounded towards zero: never faster than the limit, and a stick that is barely touched does not creep.
  body.x += Math.trunc(moveX * stepsPerUnit) * POSITION_STEP
  body.y += Math.trunc(moveY * stepsPerUnit) * POSITION_STEP
  for (const rect of OBSTACLES) if (circleOverlapsRect(body.x, body.y, AVATAR_RADIUS, rect)) pushOut(body, rect)
  body.x = clamp(body.x, AVATAR_RADIUS, FIELD_WIDTH - AVATAR_RADIUS)
  body.y = clamp(body.y, AVATAR_RADIUS, FIELD_HEIGHT - AVATAR_RADIUS)
}

/**
 * Moves an overlapping body straight away from the nearest point of the block. The new place is rounded to the grid away
 * from the block: rounding to nearest could leave it inside.
 */
function pushOut(body: Body, rect: Rect): void {
  const nearX = clamp(body.x, rect.x, rect.x + rect.width)
  const nearY = clamp(body.y, rect.y, rect.y + rect.height)
  const dx = body.x - nearX
  const dy = body.y - nearY
  // One step is shorter than the radius, so a centre that started outside is still outside. A client's guess may start anywhere.
  if (dx === 0 && dy === 0) {
    body.y = rect.y - AVATAR_RADIUS
    return
  }
  const away = AVATAR_RADIUS / Math.sqrt(dx * dx + dy * dy)
  body.x = nearX + roundAway(dx * away)
  body.y = nearY + roundAway(dy * away)
}

function roundAway(offset: number): number {
  return (offset < 0 ? Math.floor(offset / POSITION_STEP) : Math.ceil(offset / POSITION_STEP)) * POSITION_STEP
}
