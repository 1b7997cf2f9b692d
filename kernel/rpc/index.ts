export * from './call.ts'
export * from './service.ts'
