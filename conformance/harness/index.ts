export * from './callers.ts'
export * from './database.ts'
export * from './kit.ts'
export * from './quiet.ts'
