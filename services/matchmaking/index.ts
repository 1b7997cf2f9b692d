export { type MatchmakingOptions, matchmakingService } from './module.ts'
export type { GameRules } from './rules.ts'
