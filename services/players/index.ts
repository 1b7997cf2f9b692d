export { playersService } from './module.ts'
