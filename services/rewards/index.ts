export { type RewardsOptions, rewardsService } from './module.ts'
export { checkRewardTypes, parseRewardTypes, type RewardTypes } from './types.ts'
