export * from './bus.ts'
export * from './events.ts'
export * from './migrations.ts'
export * from './outbox.ts'
