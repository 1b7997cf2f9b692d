export { audit, type Finding, hasBooks } from './audit.ts'
export { type Currency, type WalletOptions, walletService } from './module.ts'
