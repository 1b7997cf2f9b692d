export * from './cache.ts'
export * from './leases.ts'
export * from './sorted.ts'
export * from './topics.ts'
