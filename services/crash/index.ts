export type { CrashOf } from './handlers.ts'
export { type CrashOptions, crashService } from './module.ts'
export type { CrashRules } from './settings.ts'
