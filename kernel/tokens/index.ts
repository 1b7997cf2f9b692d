export * from './verifier.ts'
