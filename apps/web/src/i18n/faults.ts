import type { core } from '@meydan/contracts/core'
import type { crashErrors } from '@meydan/contracts/crash'
import type { feedbackErrors } from '@meydan/contracts/feedback'
import type { identityErrors } from '@meydan/contracts/identity'
import type { leaderboardsErrors } from '@meydan/contracts/leaderboards'
import type { matchesErrors } from '@meydan/contracts/matches'
import type { matchmakingErrors } from '@meydan/contracts/matchmaking'
import type { rewardsErrors } from '@meydan/contracts/rewards'
import type { roomsErrors } from '@meydan/contracts/rooms'
import type { walletErrors } from '@meydan/contracts/wallet'

/** Every code that a call of the page may be answered with. */
export type FaultCode =
  | keyof typeof core
  | keyof typeof crashErrors
  | keyof typeof feedbackErrors
  | keyof typeof identityErrors
  | keyof typeof leaderboardsErrors
  | keyof typeof matchesErrors
  | keyof typeof matchmakingErrors
  | keyof typeof rewardsErrors
  | keyof typeof roomsErrors
  | keyof typeof walletErrors
