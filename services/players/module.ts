import { players } from '@meydan/contracts/players'
import { type Kit, service } from '@meydan/kernel/rpc'
import { playersListeners } from './events.ts'
import { playersHandlers } from './handlers.ts'

export function playersService() {
  return service({
    contract: players,
    calls: {},
    migrations: new URL('./migrations/', import.meta.url),
    build({ db, cache, events, clock }: Kit<Record<never, never>>) {
      return {
        handlers: playersHandlers({ database: db, cache, events, clock }),
        listeners: playersListeners(cache),
      }
    },
  })
}
