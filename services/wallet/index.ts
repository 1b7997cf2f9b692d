export { type Currency, type WalletOptions, walletService } from './module.ts'
