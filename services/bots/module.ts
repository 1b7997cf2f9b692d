import { bots } from '@meydan/contracts/bots'
import type { Id } from '@meydan/contracts/core'
import { ROOM_ENDED } from '@meydan/contracts/rooms'
import { listen } from '@meydan/kernel/events'
import { type Kit, service } from '@meydan/kernel/rpc'
import { namesFor, skillFor } from './rules.ts'

interface BotsTables {
  bots: { bot_id: Id; room_id: Id; name: string; skill: number }
}

/** Makes bots to fill a room, and deletes them when it is over (B6). How they play is each game's own rule. */
export function botsService() {
  return service({
    contract: bots,
    calls: {},
    migrations: new URL('./migrations/', import.meta.url),
    build({ db, nextId, random }: Kit<Record<never, never>>) {
      return {
        handlers: {
          async hire({ roomId, count, rating }) {
            const rows = await db.transaction<BotsTables, BotsTables['bots'][]>(async (tx) => {
              const known = await tx
                .selectFrom('bots')
                .selectAll()
                .where('room_id', '=', roomId)
                .orderBy('bot_id')
                .execute()
              if (known.length > 0) return known
              const skill = skillFor(rating)
              const names = namesFor(count, Math.floor(random() * count * 16))
              const made = names.map((name) => ({ bot_id: nextId(), room_id: roomId, name, skill }))
              return tx.insertInto('bots').values(made).returningAll().execute()
            })
            return { bots: rows.map(({ bot_id, name, skill }) => ({ botId: bot_id, name, skill })) }
          },
        },
        listeners: [
          listen<typeof ROOM_ENDED, BotsTables>(ROOM_ENDED, 'dismiss', async (tx, { data }) => {
            await tx.deleteFrom('bots').where('room_id', '=', data.roomId).execute()
          }),
        ],
      }
    },
  })
}
