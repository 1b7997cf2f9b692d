export type { RoomsOptions } from './handlers.ts'
export { roomsService } from './module.ts'
