import { Currency } from '@meydan/contracts/wallet'
import { z } from 'zod'

/** Which currency's statement is looked at. */
export const WalletSearch = z.object({ currency: Currency.optional().catch(undefined) })
