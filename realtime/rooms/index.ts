export { createRoomEngine, type EngineOptions, type EngineStats, type LocalRoomEngine, leaseName } from './engine.ts'
export * from './face.ts'
export type { Loop, LoopStats, Ticking } from './loop.ts'
export { type Recording, replay } from './recording.ts'
