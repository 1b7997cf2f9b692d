import { botsErrors } from '@meydan/contracts/bots'
import type { Id } from '@meydan/contracts/core'
import type { Kit } from '@meydan/kernel/rpc'
import { namesFor, skillFor } from './rules.ts'
import { type BotRow, type BotsTables, botsOf, insertBots, lockRoom } from './store.ts'

export interface Ask {
  readonly roomId: Id
  readonly count: number
  readonly rating?: number | undefined
}

/** `count` bots of the room: those it has, and as many new ones as it lacks. Throws ROOM_GONE once the room is over. */
export async function hire({ db, clock, nextId, random }: Kit, { roomId, count, rating }: Ask): Promise<BotRow[]> {
  return db.transaction<BotsTables, BotRow[]>(async (tx) => {
    const { over } = await lockRoom(tx, roomId, new Date(clock.now()))
    if (over) throw botsErrors.ROOM_GONE()
    const known = await botsOf(tx, roomId)
    const names = namesFor(
      count - known.length,
      random,
      known.map(({ name }) => name),
    )
    const skill = skillFor(rating)
    const made = names.map((name, index) => {
      return { bot_id: nextId(), room_id: roomId, number: known.length + index, name, skill }
    })
    await insertBots(tx, made)
    return [...known, ...made].slice(0, count)
  })
}
