import { DisplayName } from '@meydan/contracts/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useAccount, type Way } from '../account/use-account.ts'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { tellLanguage } from '../language.ts'
import { queries, queryClient } from '../queries.ts'
import { sentenceOf } from '../sentence.ts'
import { usePlayerId } from '../session.ts'
import { useStage } from '../stage-provider.tsx'
import { buttonLook } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { SkeletonLines } from '../ui/skeleton.tsx'
import { Empty } from '../ui/states.tsx'
import { useToast } from '../ui/toast.tsx'
import { credentialsOf, type EntryKey, isAboutLogin, type Typed, wrongNew } from './credentials.ts'
import { EntryPage } from './entry-page.tsx'
import { WayChoice, WayFields } from './way-fields.tsx'

/** A new account; for a guest, the player they are becomes it. */
export function SignUp() {
  const t = useText('entry')
  usePageTitle(t('signUp'))
  const isSignedIn = usePlayerId() !== null
  const { account, isGuest } = useAccount()
  const { data: me } = useQuery({ ...queries.me(), enabled: isSignedIn })
  if (!isSignedIn) {
    return (
      <EntryPage title={t('signUp')} text={t('signUpText')}>
        <NewAccount guest={null} />
        <p className="flex flex-wrap items-center text-soft">
          {t('haveAccount')}
          <Link to="/sign-in" className={buttonLook('plain', 'small')}>
            {t('signIn')}
          </Link>
        </p>
      </EntryPage>
    )
  }
  if (!account || !me) return <SkeletonLines count={5} />
  if (!isGuest) {
    return (
      <Empty title={t('alreadySafe')} text={t('alreadySafeText')} level={1}>
        <Link to="/account" className={buttonLook()}>
          {t('toAccount')}
        </Link>
      </Empty>
    )
  }
  return (
    <EntryPage title={t('keepTitle', { name: me.displayName })} text={t('keepText')}>
      <NewAccount guest={me.displayName} />
    </EntryPage>
  )
}

interface Answers extends Typed {
  readonly displayName: string
}
type Wrong = { readonly [K in keyof Answers]?: EntryKey }

function NewAccount({ guest }: { guest: string | null }) {
  const t = useText('entry')
  const [way, setWay] = useState<Way>('password')
  const [typed, setTyped] = useState<Answers>({ login: '', password: '', displayName: '' })
  const [wrong, setWrong] = useState<Wrong>({})
  const signUp = useSignUp(guest !== null)
  const submit = (): void => {
    const name = typed.displayName.trim()
    const found: Wrong = {
      ...wrongNew(way, typed),
      ...(name !== '' && !DisplayName.safeParse(name).success && { displayName: 'errorDisplayName' }),
    }
    setWrong(found)
    signUp.reset()
    if (Object.keys(found).length === 0) signUp.mutate({ way, typed, displayName: name || undefined })
  }
  const refused = signUp.error ? sentenceOf(signUp.error) : undefined
  const isOfLogin = isAboutLogin(signUp.error)
  return (
    <Form
      testId="sign-up"
      onSubmit={submit}
      submit={t('signUp')}
      isBusy={signUp.isPending}
      problem={isOfLogin ? undefined : refused}
    >
      <WayChoice way={way} onWay={setWay} />
      <WayFields
        way={way}
        typed={typed}
        errors={{
          login: wrong.login ? t(wrong.login) : isOfLogin ? refused : undefined,
          password: wrong.password && t(wrong.password),
        }}
        onTyped={({ login, password }) => setTyped({ ...typed, login, password })}
      />
      {guest === null && (
        <Field
          label={t('displayName')}
          hint={t('displayNameHint')}
          error={wrong.displayName && t(wrong.displayName)}
          value={typed.displayName}
          onValue={(displayName) => setTyped({ ...typed, displayName })}
          data-testid="display-name"
          autoComplete="nickname"
        />
      )}
    </Form>
  )
}

interface NewWay {
  readonly way: Way
  readonly typed: Typed
  readonly displayName: string | undefined
}

function useSignUp(isGuest: boolean) {
  const t = useText('entry')
  const { renew } = useStage()
  const navigate = useNavigate()
  const toast = useToast()
  return useMutation({
    mutationFn: async ({ way, typed, displayName }: NewWay) => {
      const credentials = credentialsOf(way, typed)
      if (isGuest)
        queryClient.setQueryData(queries.account().queryKey, await client.call.identity.link({ credentials }))
      else await client.register(credentials, displayName)
    },
    onSuccess: async () => {
      if (!isGuest) {
        renew()
        await tellLanguage()
      }
      toast(t('welcome'))
      await navigate({ to: isGuest ? '/account' : '/' })
    },
  })
}
