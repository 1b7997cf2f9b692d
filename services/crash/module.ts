import { crash } from '@meydan/contracts/crash'
import { service } from '@meydan/kernel/rpc'
import { crashListeners } from './events.ts'
import { type CrashOf, crashHandlers } from './handlers.ts'
import { createLobbies, type LobbiesOptions } from './lobbies.ts'
import type { CrashRules } from './settings.ts'
import { type CrashKit, crashCalls, createSettler } from './settling.ts'

const LOOK_FOR_LOST_EVERY_MS = 1_000

export interface CrashOptions extends LobbiesOptions {
  readonly rules: CrashRules
  readonly crashOf: CrashOf
}

export function crashService({ rules, crashOf, ...options }: CrashOptions) {
  return service({
    contract: crash,
    calls: crashCalls,
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: CrashKit) {
      const settler = createSettler(kit)
      const lobbies = createLobbies({ kit, rules, settler }, options)
      return {
        handlers: crashHandlers(kit, lobbies, crashOf),
        listeners: crashListeners,
        jobs: [
          settler.job,
          { name: 'take-over-lost', everyMs: LOOK_FOR_LOST_EVERY_MS, run: () => lobbies.takeOverLost() },
        ],
        drain: (withinMs: number) => lobbies.drain(withinMs),
        stop: () => lobbies.stop(),
      }
    },
  })
}
