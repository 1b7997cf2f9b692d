export { type ConnectOptions, connectPostgres, type Postgres } from './connect.ts'
export type { DatabaseOptions } from './database.ts'
export { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './embedded/start.ts'
export { migrate } from './migrate.ts'
