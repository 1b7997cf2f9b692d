import { Fault } from '@meydan/contracts/core'

/** Whoever came was late: the room had ended meanwhile. */
export const isRoomGone = (error: unknown): boolean => error instanceof Fault && error.code === 'ROOM_GONE'
