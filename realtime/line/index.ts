export * from './cluster.ts'
export { type HostedRooms, type RoomHost, type RoomHostOptions, roomHost } from './host.ts'
