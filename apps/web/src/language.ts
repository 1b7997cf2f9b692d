import { Fault } from '@meydan/contracts/core'
import { client } from './client.ts'
import { i18n, isLanguage, LANGUAGES, type Language, languageOf, speak } from './i18n/i18n.ts'
import { preferences } from './preferences.ts'
import { queries, queryClient } from './queries.ts'

/** Profiles are made in English. */
const NEW_PROFILE = 'en'

/** Each by its own name, and marked as being in that language. */
export const LANGUAGE_CHOICES = Object.entries(LANGUAGES).flatMap(([value, text]) =>
  isLanguage(value) ? [{ value, text, lang: value }] : [],
)

/** Chooses a language, for this browser and for the player's profile. */
export async function chooseLanguage(language: Language): Promise<void> {
  speak(language)
  if (client.player) await write(language)
}

/** A new player speaks what the page speaks. */
export async function tellLanguage(): Promise<void> {
  if (i18n.language !== NEW_PROFILE) await write(i18n.language)
}

/** Who signs in on a browser where nobody has chosen finds their own language. */
export async function adoptLanguage(): Promise<void> {
  if (preferences.get('language') !== '') return
  const { locale } = await client.call.players.me({})
  const language = languageOf(locale)
  if (language) speak(language)
}

async function write(locale: string): Promise<void> {
  try {
    queryClient.setQueryData(queries.me().queryKey, await client.call.players.update({ locale }))
  } catch (error) {
    // The page speaks it already; the profile is for the next browser.
    if (!(error instanceof Fault)) throw error
    console.info('the profile did not take the language', error)
  }
}
