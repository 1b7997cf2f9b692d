export * from './cluster.ts'
export { type HostedRooms, type RoomHost, type RoomHostOptions, roomHost } from './host.ts'
export { LINE_PATH, LINE_VERSION, VERSION_HEADER } from './messages.ts'
