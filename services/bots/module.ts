import { bots } from '@meydan/contracts/bots'
import { ROOM_ENDED } from '@meydan/contracts/rooms'
import { listen } from '@meydan/kernel/events'
import { type Kit, service } from '@meydan/kernel/rpc'
import { hire } from './hiring.ts'
import { ROOM_KEPT_MS } from './rules.ts'
import { type BotsTables, closeRoom, forgetRooms } from './store.ts'

const SWEEP_EVERY_MS = 10 * 60_000
const SWEEP_BATCH = 5_000

/** Makes bots to fill a room, and deletes them when it is over (B6). How they play is each game's own rule. */
export function botsService() {
  return service({
    contract: bots,
    calls: {},
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Record<never, never>>) {
      const { db, clock } = kit
      return {
        handlers: {
          async hire(ask) {
            const hired = await hire(kit, ask)
            return { bots: hired.map(({ bot_id, name, skill }) => ({ botId: bot_id, name, skill })) }
          },
        },
        listeners: [
          listen<typeof ROOM_ENDED, BotsTables>(ROOM_ENDED, 'dismiss', (tx, { data }) =>
            closeRoom(tx, data.roomId, new Date(clock.now())),
          ),
        ],
        jobs: [
          {
            name: 'sweep',
            everyMs: SWEEP_EVERY_MS,
            async run(signal) {
              const before = new Date(clock.now() - ROOM_KEPT_MS)
              while (!signal.aborted) {
                if ((await forgetRooms(db.tables<BotsTables>(), before, SWEEP_BATCH)) < SWEEP_BATCH) return
              }
            },
          },
        ],
      }
    },
  })
}
