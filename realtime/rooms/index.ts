export {
  createRoomEngine,
  type EngineOptions,
  type EngineStats,
  LEASE_MS,
  type LocalRoomEngine,
  leaseName,
} from './engine.ts'
export * from './face.ts'
export { FENCING } from './fencing.ts'
export { type Loop, type LoopStats, type Ticking, TickLoop } from './loop.ts'
export { type Recording, replay } from './recording.ts'
export * from './watchable.ts'
