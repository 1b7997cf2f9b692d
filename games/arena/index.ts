export { AIM_STEPS, aimTowards, aimX, aimY } from './angle.ts'
export * from './balance.ts'
export { arena } from './game.ts'
export { type ArenaInput, inputLayout, viewLayout } from './layout.ts'
export {
  FIELD_HEIGHT,
  FIELD_WIDTH,
  OBSTACLES,
  PICKUP,
  PICKUPS,
  type Pickup,
  type Point,
  type Rect,
  SPAWNS,
} from './map.ts'
export { type Body, moveAvatar, type Stick, stepsPerTick } from './movement.ts'
export { pelletAim, shotDistance, shotOwner, shotRange } from './shots.ts'
export { type ArenaState, FIRE, LIFE, PHASE } from './state.ts'
export { BOLT, SCATTER, shotWeapon, type Weapon } from './weapons.ts'
