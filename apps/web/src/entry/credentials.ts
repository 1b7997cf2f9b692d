import { Fault } from '@meydan/contracts/core'
import { type Credentials, Email, Password, Username } from '@meydan/contracts/identity'
import type { Way } from '../account/use-account.ts'
import type { PlainKey } from '../i18n/texts.ts'

export type EntryKey = PlainKey<'entry'>

/** What was typed of a way in, and what is wrong with it, by field. */
export interface Typed {
  readonly login: string
  readonly password: string
}
export type Wrong<T> = { readonly [K in keyof T]?: EntryKey }

export function credentialsOf(way: Way, { login, password }: Typed): Credentials {
  return way === 'email'
    ? { type: 'email', email: login.trim(), password }
    : { type: 'password', username: login.trim(), password }
}

/** Only an address has an @: a username cannot. */
export function wayOf(login: string): Way {
  return login.includes('@') ? 'email' : 'password'
}

/** A new way in, by the rules of the contract. */
export function wrongNew(way: Way, { login, password }: Typed): Wrong<Typed> {
  const isLogin = way === 'email' ? Email.safeParse(login.trim()) : Username.safeParse(login.trim())
  return {
    ...(!isLogin.success && { login: way === 'email' ? 'errorEmail' : 'errorUsername' }),
    ...(!Password.safeParse(password).success && { password: 'errorPassword' }),
  }
}

/** Codes that are about the name or address, and belong beside it. */
const OF_LOGIN: ReadonlySet<string> = new Set(['USERNAME_TAKEN', 'EMAIL_TAKEN', 'ALREADY_LINKED'])

export function isAboutLogin(error: unknown): boolean {
  return error instanceof Fault && OF_LOGIN.has(error.code)
}
