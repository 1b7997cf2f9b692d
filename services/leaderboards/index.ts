export { leaderboardsService } from './module.ts'
