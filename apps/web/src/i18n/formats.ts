import { useMemo } from 'react'
import { useLanguage } from './i18n.ts'

/** Numbers and times as the page's language writes them. */
export function useFormats() {
  const language = useLanguage()
  return useMemo(() => {
    const number = new Intl.NumberFormat(language)
    const signed = new Intl.NumberFormat(language, { signDisplay: 'always' })
    const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
    const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
    return {
      number: (value: number) => number.format(value),
      signed: (value: number) => signed.format(value),
      /** Of an ISO timestamp. */
      day: (at: string) => day.format(new Date(at)),
      moment: (at: string) => moment.format(new Date(at)),
    }
  }, [language])
}
