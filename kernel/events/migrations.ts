/** Tables every service's schema has before its own: `outbox` and `applied_events`. */
export const eventMigrations = new URL('./migrations/', import.meta.url)
