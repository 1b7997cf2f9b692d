import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { adoptLanguage } from '../language.ts'
import { sentenceOf } from '../sentence.ts'
import { useStage } from '../stage-provider.tsx'
import { buttonLook } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { PasswordField } from '../ui/password-field.tsx'
import { useToast } from '../ui/toast.tsx'
import { credentialsOf, type Typed, type Wrong, wayOf } from './credentials.ts'
import { EntryPage } from './entry-page.tsx'
import { GuestWarning } from './guest-warning.tsx'

/** Into an account that is there. */
export function SignIn() {
  const t = useText('entry')
  usePageTitle(t('signIn'))
  const [typed, setTyped] = useState<Typed>({ login: '', password: '' })
  const [wrong, setWrong] = useState<Wrong<Typed>>({})
  const signIn = useSignIn()
  const submit = (): void => {
    const found: Wrong<Typed> = {
      ...(typed.login.trim() === '' && { login: 'errorLogin' }),
      ...(typed.password === '' && { password: 'errorPasswordEmpty' }),
    }
    setWrong(found)
    if (Object.keys(found).length === 0) signIn.mutate(typed)
  }
  return (
    <EntryPage title={t('signIn')} text={t('signInText')}>
      <GuestWarning />
      <Form
        testId="sign-in"
        onSubmit={submit}
        submit={t('signIn')}
        isBusy={signIn.isPending}
        problem={signIn.error ? sentenceOf(signIn.error) : undefined}
      >
        <Field
          label={t('login')}
          error={wrong.login && t(wrong.login)}
          value={typed.login}
          onValue={(login) => setTyped({ ...typed, login })}
          data-testid="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <PasswordField
          label={t('password')}
          error={wrong.password && t(wrong.password)}
          value={typed.password}
          onValue={(password) => setTyped({ ...typed, password })}
          testId="password"
        />
      </Form>
      <p className="flex flex-wrap items-center text-soft">
        {t('newHere')}
        <Link to="/sign-up" className={buttonLook('plain', 'small')}>
          {t('signUp')}
        </Link>
      </p>
    </EntryPage>
  )
}

function useSignIn() {
  const t = useText('entry')
  const { stage, cancel, renew } = useStage()
  const navigate = useNavigate()
  const toast = useToast()
  return useMutation({
    mutationFn: async (typed: Typed) => {
      // Nobody should wait for a player who is somebody else now.
      if (stage.name === 'queued') await cancel()
      await client.login(credentialsOf(wayOf(typed.login), typed))
    },
    onSuccess: async () => {
      renew()
      await adoptLanguage()
      toast(t('welcomeBack'))
      await navigate({ to: '/' })
    },
  })
}
