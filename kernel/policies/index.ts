export * from './guard.ts'
export * from './retry.ts'
