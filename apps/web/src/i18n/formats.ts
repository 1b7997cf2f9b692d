import { useMemo } from 'react'
import { useLanguage } from './i18n.ts'

const SHORT_FROM = 100_000

/** Numbers and times as the page's language writes them. */
export function useFormats() {
  const language = useLanguage()
  return useMemo(() => {
    const number = new Intl.NumberFormat(language)
    const signed = new Intl.NumberFormat(language, { signDisplay: 'always' })
    const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 2 })
    const minutes = new Intl.NumberFormat(language, { style: 'unit', unit: 'minute', unitDisplay: 'short' })
    const list = new Intl.ListFormat(language)
    const exact = (decimals: number, more: Intl.NumberFormatOptions = {}) =>
      new Intl.NumberFormat(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, ...more })
    const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
    const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
    return {
      number: (value: number) => number.format(value),
      signed: (value: number) => signed.format(value),
      /** Of minor units: `1,234.50`. */
      money: (minor: number, decimals: number) => exact(decimals).format(minor / 10 ** decimals),
      signedMoney: (minor: number, decimals: number) =>
        exact(decimals, { signDisplay: 'always' }).format(minor / 10 ** decimals),
      /** In a sentence: `100`, or `12.50`. */
      price: (minor: number, decimals: number) =>
        exact(decimals, { trailingZeroDisplay: 'stripIfInteger' }).format(minor / 10 ** decimals),
      /** Where there is little room: from a hundred thousand on, `1.23M`. */
      shortMoney: (minor: number, decimals: number) => {
        const value = minor / 10 ** decimals
        return value < SHORT_FROM ? exact(decimals).format(value) : compact.format(value)
      },
      list: (items: readonly string[]) => list.format(items),
      minutes: (value: number) => minutes.format(value),
      /** Of an ISO timestamp. */
      day: (at: string) => day.format(new Date(at)),
      moment: (at: string) => moment.format(new Date(at)),
    }
  }, [language])
}
