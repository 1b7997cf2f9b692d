import {
  BET_ENDED,
  BetEnded,
  CRASH_BETS,
  CRASH_BETTING,
  CRASH_CASHED_OUT,
  CRASH_ENDED,
  CRASH_STARTED,
  CRASH_TICK,
  CrashBets,
  CrashBetting,
  CrashCashedOut,
  CrashEnded,
  CrashStarted,
  CrashTick,
} from '@meydan/contracts/crash'
import { FEEDBACK_UPDATED, FeedbackUpdated } from '@meydan/contracts/feedback'
import { Match } from '@meydan/contracts/matches'
import { MATCH_FOUND, QUEUE_CHANGED, Status } from '@meydan/contracts/matchmaking'
import { INBOX_CHANGED, InboxChanged, LEVEL_UP, LevelUp, REWARDED, Rewarded } from '@meydan/contracts/rewards'
import { WALLET_CHANGED, WalletChanged } from '@meydan/contracts/wallet'
import { z } from 'zod'

/** Events whose data the SDK knows; those of other names arrive as `unknown`. */
export const KNOWN_EVENTS = {
  [MATCH_FOUND]: z.object({ roomId: z.string(), game: z.string() }),
  [QUEUE_CHANGED]: z.object({ status: Status }),
  MATCH_RESULT: z.object({ match: Match }),
  [FEEDBACK_UPDATED]: FeedbackUpdated,
  [WALLET_CHANGED]: WalletChanged,
  [REWARDED]: Rewarded,
  [LEVEL_UP]: LevelUp,
  [INBOX_CHANGED]: InboxChanged,
  [CRASH_BETTING]: CrashBetting,
  [CRASH_BETS]: CrashBets,
  [CRASH_STARTED]: CrashStarted,
  [CRASH_TICK]: CrashTick,
  [CRASH_CASHED_OUT]: CrashCashedOut,
  [CRASH_ENDED]: CrashEnded,
  [BET_ENDED]: BetEnded,
} as const

export type KnownEvents = { readonly [K in keyof typeof KNOWN_EVENTS]: z.output<(typeof KNOWN_EVENTS)[K]> }
