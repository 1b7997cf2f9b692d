import { crash } from '@meydan/contracts/crash'
import { service } from '@meydan/kernel/rpc'
import { crashListeners } from './events.ts'
import { type CrashOf, crashHandlers } from './handlers.ts'
import { createLobbies } from './lobbies.ts'
import type { CrashRules } from './settings.ts'
import { type CrashKit, crashCalls, createSettler } from './settling.ts'

const LOOK_FOR_LOST_EVERY_MS = 1_000

export interface CrashOptions {
  readonly rules: CrashRules
  readonly processId: string
  readonly crashOf: CrashOf
}

export function crashService({ rules, processId, crashOf }: CrashOptions) {
  return service({
    contract: crash,
    calls: crashCalls,
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: CrashKit) {
      const settler = createSettler(kit)
      const lobbies = createLobbies({ kit, rules, settler }, processId)
      return {
        handlers: crashHandlers(kit, lobbies, crashOf),
        listeners: crashListeners,
        jobs: [
          settler.job,
          { name: 'take-over-lost', everyMs: LOOK_FOR_LOST_EVERY_MS, run: () => lobbies.takeOverLost() },
        ],
        start: async () => lobbies.start(),
        drain: (withinMs: number) => lobbies.drain(withinMs),
        stop: () => lobbies.stop(),
      }
    },
  })
}
