import { createInstance } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'
import { preferences } from '../preferences.ts'
import { en, type Namespace } from './texts.ts'
import { tr } from './tr/index.ts'

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'frame'
    resources: typeof en
  }
}

/** Each by its own name, as who looks for it would read it. */
export const LANGUAGES = { en: 'English', tr: 'Türkçe' } as const
export type Language = keyof typeof LANGUAGES

export function isLanguage(tag: string): tag is Language {
  return tag in LANGUAGES
}

/** The page's language for a BCP 47 tag such as `tr-TR`; undefined when it has none. */
export function languageOf(tag: string): Language | undefined {
  const [language = ''] = tag.toLowerCase().split('-')
  return isLanguage(language) ? language : undefined
}

/** What was chosen here, else what the browser asks for, else English. */
export function preferredLanguage(): Language {
  const chosen = languageOf(preferences.get('language'))
  return chosen ?? navigator.languages.map(languageOf).find((language) => language !== undefined) ?? 'en'
}

export const i18n = createInstance()

await i18n.use(initReactI18next).init({
  resources: { en, tr },
  lng: preferredLanguage(),
  fallbackLng: 'en',
  defaultNS: 'frame',
  // React writes text as text.
  interpolation: { escapeValue: false },
  // Both languages are in the bundle: nothing is ever waited for.
  react: { useSuspense: false },
})

function tell(): void {
  document.documentElement.lang = i18n.language
}
tell()
i18n.on('languageChanged', tell)

/** The texts of one part of the page: `const t = useText('play')`, then `t('again')`. */
export function useText<N extends Namespace>(namespace: N) {
  return useTranslation(namespace).t
}

export function useLanguage(): Language {
  const { language } = useTranslation().i18n
  return languageOf(language) ?? 'en'
}

/** From now on, and on the next visit. */
export function speak(language: Language): void {
  preferences.set('language', language)
  void i18n.changeLanguage(language)
}
