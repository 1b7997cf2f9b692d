export { type RewardsOptions, rewardsService } from './module.ts'
export { parseRewardTypes, type RewardTypes } from './types.ts'
