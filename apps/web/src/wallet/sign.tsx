import type { ReactNode } from 'react'

const SIGNS: ReadonlyMap<string, ReactNode> = new Map([
  [
    'coins',
    <g key="coins">
      <circle cx="12" cy="12" r="10" fill="var(--color-gold)" />
      <circle
        cx="12"
        cy="12"
        r="6.6"
        fill="none"
        stroke="var(--color-on-medal)"
        strokeOpacity=".45"
        strokeWidth="1.8"
      />
      <circle cx="12" cy="12" r="2.4" fill="var(--color-on-medal)" fillOpacity=".55" />
    </g>,
  ],
  [
    'gems',
    <g key="gems">
      <path d="M7 3.5h10l5 6.5-10 11L2 10z" fill="#38b6a8" />
      <path d="M7 3.5L8.5 10h7L17 3.5zM8.5 10L12 21l3.5-11z" fill="#8ee8dc" />
    </g>,
  ],
])

/** A currency's picture; one that an installation added has a plain token. */
export function CurrencySign({ currency, className = 'size-5' }: { currency: string; className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={`shrink-0 ${className}`}>
      {SIGNS.get(currency) ?? <circle cx="12" cy="12" r="10" fill="var(--edge)" />}
    </svg>
  )
}
