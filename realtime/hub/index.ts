export { type Codec, SharedFrame } from './frame.ts'
export { createHub, type Hub, type HubOptions, type Positions, userTopic } from './hub.ts'
export { RING_EVENTS_MAX, RING_MS_MAX } from './ring.ts'
export { type Connection, type Owner, Session } from './session.ts'
