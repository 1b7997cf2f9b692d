import type { LinkProps } from '@tanstack/react-router'
import type { PlainKey } from '../i18n/texts.ts'
import type { IconName } from '../ui/icon.tsx'

export type PlaceAddress = NonNullable<LinkProps['to']>

interface Place {
  readonly to: PlaceAddress
  readonly text: PlainKey<'frame'>
  /** Where there is little room. */
  readonly short?: PlainKey<'frame'>
  readonly icon: IconName
}

/** What the header and the bar at the bottom of a phone lead to, in this order. */
export const PLACES: readonly Place[] = [
  { to: '/', text: 'play', icon: 'play' },
  { to: '/crash', text: 'crash', icon: 'crash' },
  { to: '/leaderboards', text: 'leaderboards', short: 'ranks', icon: 'ranks' },
  { to: '/watch', text: 'watch', icon: 'watch' },
  { to: '/matches', text: 'matches', icon: 'matches' },
  { to: '/feedback', text: 'feedback', short: 'feedbackShort', icon: 'feedback' },
]
