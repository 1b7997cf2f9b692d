import { useState } from 'react'
import { useText } from '../i18n/i18n.ts'
import { Field } from './field.tsx'
import { Icon } from './icon.tsx'

interface PasswordFieldProps {
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly value: string
  readonly onValue: (value: string) => void
  /** A new password is offered by the browser, the current one filled in. */
  readonly isNew?: boolean
  readonly testId: string
}

/** A password, which can be looked at. */
export function PasswordField({ isNew = false, testId, ...rest }: PasswordFieldProps) {
  const t = useText('entry')
  const [isShown, setIsShown] = useState(false)
  return (
    <Field
      {...rest}
      data-testid={testId}
      type={isShown ? 'text' : 'password'}
      autoComplete={isNew ? 'new-password' : 'current-password'}
      autoCapitalize="none"
      spellCheck={false}
    >
      <button
        type="button"
        aria-label={t('showPassword')}
        aria-pressed={isShown}
        onClick={() => setIsShown(!isShown)}
        className="absolute top-0.5 right-0.5 grid size-11 cursor-pointer place-items-center rounded-xl text-soft hover:text-ink"
      >
        <Icon name={isShown ? 'eyeClosed' : 'eye'} />
      </button>
    </Field>
  )
}
