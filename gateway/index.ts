export type { Edge } from './edge.ts'
export { createGateway, type Gateway, type GatewayOptions } from './gateway.ts'
export type { Checks } from './health.ts'
export { createWatchDoor } from './watch.ts'
