import { WAYS, type Way } from '../account/use-account.ts'
import { useText } from '../i18n/i18n.ts'
import { Choice } from '../ui/choice.tsx'
import { Field } from '../ui/field.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import type { Typed } from './credentials.ts'

const NAMES = { password: 'byUsername', email: 'byEmail' } as const

/** Which kind of way in it will be. */
export function WayChoice({ way, onWay }: { way: Way; onWay: (way: Way) => void }) {
  const t = useText('entry')
  return (
    <div className="flex flex-col gap-1.5">
      <span className="text-sm text-soft">{t('by')}</span>
      <Choice
        label={t('by')}
        value={way}
        choices={WAYS.map((value) => ({ value, text: t(NAMES[value]) }))}
        onChoose={onWay}
      />
    </div>
  )
}

interface WayFieldsProps {
  readonly way: Way
  readonly typed: Typed
  readonly errors: { readonly login?: string | undefined; readonly password?: string | undefined }
  readonly onTyped: (typed: Typed) => void
}

/** A name or an address, and the password to it. */
export function WayFields({ way, typed, errors, onTyped }: WayFieldsProps) {
  const t = useText('entry')
  const isEmail = way === 'email'
  return (
    <>
      <Field
        key={way}
        label={isEmail ? t('email') : t('username')}
        hint={isEmail ? undefined : t('usernameHint')}
        error={errors.login}
        value={typed.login}
        onValue={(login) => onTyped({ ...typed, login })}
        data-testid="login"
        type={isEmail ? 'email' : 'text'}
        autoComplete={isEmail ? 'email' : 'username'}
        autoCapitalize="none"
        spellCheck={false}
      />
      <PasswordField
        label={t('password')}
        hint={t('passwordHint')}
        error={errors.password}
        value={typed.password}
        onValue={(password) => onTyped({ ...typed, password })}
        isNew
        testId="password"
      />
    </>
  )
}
