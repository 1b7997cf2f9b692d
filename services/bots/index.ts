export { botsService } from './module.ts'
