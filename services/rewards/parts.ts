import type { Kit } from '@meydan/kernel/rpc'
import type { Census } from './census.ts'
import type { Called } from './module.ts'
import type { Payer } from './paying.ts'
import type { Teller } from './telling.ts'
import type { RewardTypes } from './types.ts'

/** What handlers and listeners are made of. */
export interface Parts {
  readonly kit: Kit<Called>
  readonly types: RewardTypes
  readonly payer: Payer
  readonly teller: Teller
  readonly census: Census
}
