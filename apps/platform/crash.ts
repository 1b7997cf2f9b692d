import { CRASH_CURRENCY, crash } from '@meydan/contracts/crash'
import { OperatorError } from '@meydan/kernel/config'
import type { CrashRules } from '@meydan/services/crash'
import type { Roles } from './roles.ts'
import type { PlatformSettings } from './settings.ts'

/** How the crash game is played here. Throws an OperatorError for limits that leave nothing to play for, or where there is no currency to play for. */
export function crashRules(settings: PlatformSettings, { services }: Roles): CrashRules {
  const { crashBetMin: betMin, crashBetMax: betMax, crashWinMax: winMax } = settings
  if (betMin > betMax) throw new OperatorError('MEYDAN_CRASH_BET_MIN is above MEYDAN_CRASH_BET_MAX: nobody could bet.')
  if (winMax < 2 * betMax) {
    throw new OperatorError(
      'MEYDAN_CRASH_WIN_MAX is below twice MEYDAN_CRASH_BET_MAX: the largest bet could win nothing.',
    )
  }
  if (services.has(crash.name) && !settings.currencies.has(CRASH_CURRENCY)) {
    throw new OperatorError(
      `MEYDAN_CURRENCIES does not name ${CRASH_CURRENCY}, which the crash game is played for: name it, or leave crash out of MEYDAN_ROLES.`,
    )
  }
  return {
    bettingMs: settings.crashBettingMs,
    firstBetMs: settings.crashFirstBetMs,
    pauseMs: settings.crashPauseMs,
    tickMs: settings.crashTickMs,
    betMin,
    betMax,
    winMax,
    bankroll: settings.crashBankroll,
    kelly: settings.crashKelly,
    chainRounds: settings.crashChainRounds,
  }
}
