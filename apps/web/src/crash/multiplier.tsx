import { useMemo } from 'react'
import { useLanguage } from '../i18n/i18n.ts'

const HUNDREDTHS = 100
/** From here on a round is remembered. */
const HIGH = 1_000
const MIDDLE = 200

/** Writes multipliers (hundredths) as the page's language does: `2.35×`. */
export function useMultiplierText(): (multiplier: number) => string {
  const language = useLanguage()
  return useMemo(() => {
    const format = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 })
    return (multiplier) => `${format.format(multiplier / HUNDREDTHS)}×`
  }, [language])
}

/** The colour of a finished round: its number says the same. */
export function multiplierColour(multiplier: number): string {
  if (multiplier >= HIGH) return 'bg-gold text-on-medal border-gold'
  return multiplier >= MIDDLE ? 'border-accent text-accent' : 'border-line text-soft'
}
