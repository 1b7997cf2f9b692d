import type { StatementLine } from '@meydan/contracts/wallet'
import { useText } from '../i18n/i18n.ts'

const KNOWN = [
  'faucet.take',
  'faucet.set',
  'crash.bet',
  'crash.won',
  'crash.lost',
  'crash.voided',
  'hold.expired',
  'reward.daily',
  'reward.match',
  'reward.inbox',
] as const

/** Why a line is in the statement; reasons of an installation's own stay as they are. */
export function useReasonWords(): (line: Pick<StatementLine, 'kind' | 'reason'>) => string {
  const t = useText('wallet')
  return ({ kind, reason }) => {
    const known = KNOWN.find((one) => one === reason)
    const words = known ? t(`reason-${known}`) : reason
    const isPlain = kind === 'transfer' || kind === 'faucet' || (known && kind !== 'reversal')
    return isPlain ? words : `${t(`kind-${kind}`)}: ${words}`
  }
}
