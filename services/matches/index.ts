export { MATCH_RESULT, matchesService } from './module.ts'
