import { checkRewardTypes, parseRewardTypes, type RewardsOptions, type RewardTypes } from '@meydan/services/rewards'
import { z } from 'zod'
import type { PlatformSettings } from './settings.ts'

/** `coins=currency,xp=experience,chest=item,double-xp=booster:2`: what can be given, and how. */
export const rewardTypes = z.string().transform((text, context): RewardTypes => {
  try {
    return parseRewardTypes(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    context.addIssue({ code: 'custom', message: error.message })
    return z.NEVER
  }
})

/** What rewards are to know. Throws an OperatorError when the types do not fit the currencies or what the platform gives by itself. */
export function rewardsOf({
  rewardTypes,
  currencies,
}: Pick<PlatformSettings, 'rewardTypes' | 'currencies'>): RewardsOptions {
  const options = { types: rewardTypes, currencies: new Set(currencies.keys()) }
  checkRewardTypes(options.types, options.currencies)
  return options
}
