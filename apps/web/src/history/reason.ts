import { useText } from '../i18n/i18n.ts'

const KNOWN = ['time', 'abandoned', 'won', 'draw', 'given up'] as const

/** Why a match ended; a game of somebody else's may have reasons of its own, which stay as they are. */
export function useReason(reason: string): string {
  const t = useText('history')
  const known = KNOWN.find((one) => one === reason)
  return known ? t(`reason-${known}`) : reason
}
