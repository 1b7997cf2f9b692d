export { encodeFrame, SharedFrame } from './frame.ts'
export { createHub, type Hub, type HubOptions, userTopic } from './hub.ts'
export { type Connection, type Owner, RING_EVENTS_MAX, RING_MS_MAX, Session } from './session.ts'
