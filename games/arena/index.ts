export { AIM_STEPS, aimTowards, aimX, aimY } from './angle.ts'
export * from './balance.ts'
export { type ArenaOwn, type ArenaShot, arenaForesight, shotShownAt, shotsOfRow } from './foresight.ts'
export { arena } from './game.ts'
export { type ArenaInput, BORN_MODULUS, inputLayout, viewLayout } from './layout.ts'
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
export { type ArenaState, FIRE, LIFE, PHASE, type Trace } from './state.ts'
export { type ShotTally, type Tracer, type TracerHit, Tracers } from './tracers.ts'
export { BOLT, SCATTER, shotWeapon, type Weapon } from './weapons.ts'
