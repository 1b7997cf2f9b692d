export { type Calls, Client, type ClientOptions, createClient } from './client.ts'
export { type ClosedReason, Room, type SnapshotEvent } from './room.ts'
export type { Codec, EventFrame, State } from './socket.ts'
export { browserStorage, memoryStorage, type Storage } from './storage.ts'
