import { Fault } from '@meydan/contracts/core'
import { Password } from '@meydan/contracts/identity'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { queries, queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Form } from '../ui/form.tsx'
import { PasswordField } from '../ui/password-field.tsx'
import { useToast } from '../ui/toast.tsx'
import type { Way } from './use-account.ts'

const NAMES = { password: 'wayPassword', email: 'wayEmail' } as const

/** Of one way in; each has a password of its own. */
export function ChangePassword({ way }: { way: Way }) {
  const t = useText('account')
  const [isOpen, setIsOpen] = useState(false)
  return (
    <Card title={`${t('changePassword')} (${t(NAMES[way])})`} text={t('changePasswordText')}>
      {isOpen ? (
        <Passwords way={way} onDone={() => setIsOpen(false)} />
      ) : (
        <Button look="quiet" data-testid={`change-${way}`} className="self-start" onClick={() => setIsOpen(true)}>
          {t('changePassword')}
        </Button>
      )}
    </Card>
  )
}

function Passwords({ way, onDone }: { way: Way; onDone: () => void }) {
  const t = useText('account')
  const tEntry = useText('entry')
  const toast = useToast()
  const [password, setPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const [isNewWrong, setIsNewWrong] = useState(false)
  const change = useMutation({
    mutationFn: () => client.call.identity.changePassword({ type: way, password, newPassword }),
    onSuccess: async () => {
      toast(t('passwordChanged'))
      onDone()
      await readAnew(queryClient, queries.sessions().queryKey)
    },
  })
  const submit = (): void => {
    const isWrong = !Password.safeParse(newPassword).success
    setIsNewWrong(isWrong)
    change.reset()
    if (!isWrong) change.mutate()
  }
  // A password that is too short to be one is wrong as well.
  const isOldWrong =
    change.error instanceof Fault && (change.error.code === 'BAD_CREDENTIALS' || change.error.code === 'INVALID_INPUT')
  return (
    <Form
      testId="change-password"
      onSubmit={submit}
      submit={t('changePassword')}
      isBusy={change.isPending}
      problem={change.error && !isOldWrong ? sentenceOf(change.error) : undefined}
    >
      <PasswordField
        label={t('oldPassword')}
        error={isOldWrong ? t('wrongPassword') : undefined}
        value={password}
        onValue={setPassword}
        testId="old-password"
      />
      <PasswordField
        label={t('newPassword')}
        hint={tEntry('passwordHint')}
        error={isNewWrong ? tEntry('errorPassword') : undefined}
        value={newPassword}
        onValue={setNewPassword}
        isNew
        testId="new-password"
      />
    </Form>
  )
}
