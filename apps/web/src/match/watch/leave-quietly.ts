import type { Room } from '@meydan/sdk'

/** Stops watching. The server lets go of whoever cannot say so, too. */
export async function leaveQuietly(room: Pick<Room, 'isClosed' | 'leave'>): Promise<void> {
  if (room.isClosed) return
  try {
    await room.leave()
  } catch (error) {
    console.info('could not say that the watching is over', error)
  }
}
