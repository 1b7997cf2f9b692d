export { type PgBossBusOptions, pgBossBus } from './bus.ts'
