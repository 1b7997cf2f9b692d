export * from './cache.ts'
export * from './database.ts'
export * from './leases.ts'
export * from './topics.ts'
