import { Fault } from '@meydan/contracts/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { sentenceOf } from '../sentence.ts'
import { useStage } from '../stage-provider.tsx'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { useToast } from '../ui/toast.tsx'

/** For good; so the player's name has to be typed. */
export function DeleteAccount() {
  const t = useText('account')
  const [isAsking, setIsAsking] = useState(false)
  return (
    <Card title={t('deletion')} text={t('deletionText')}>
      <Button look="danger" data-testid="delete" className="self-start" onClick={() => setIsAsking(true)}>
        {t('deletion')}
      </Button>
      <Dialog title={t('deleteTitle')} isOpen={isAsking} onClose={() => setIsAsking(false)}>
        <Confirmation />
      </Dialog>
    </Card>
  )
}

function Confirmation() {
  const t = useText('account')
  const { data: me } = useQuery(queries.me())
  const [typed, setTyped] = useState('')
  const [isWrong, setIsWrong] = useState(false)
  const deletion = useDeletion()
  const name = me?.displayName ?? ''
  const submit = (): void => {
    const isRight = name !== '' && typed.trim() === name
    setIsWrong(!isRight)
    if (isRight) deletion.mutate()
  }
  return (
    <>
      <p className="text-pretty text-soft">{t('deletionText')}</p>
      <Form
        testId="delete-account"
        onSubmit={submit}
        submit={t('deleteNow')}
        look="danger"
        isBusy={deletion.isPending}
        problem={deletion.error ? sentenceOf(deletion.error) : undefined}
      >
        <Field
          label={t('deleteType', { name })}
          error={isWrong ? t('deleteMismatch') : undefined}
          value={typed}
          onValue={setTyped}
          data-testid="delete-name"
          autoComplete="off"
        />
      </Form>
    </>
  )
}

function useDeletion() {
  const t = useText('account')
  const toast = useToast()
  const navigate = useNavigate()
  const { renew } = useStage()
  return useMutation({
    mutationFn: async () => {
      await client.call.identity.deleteAccount({})
      await forget()
    },
    onSuccess: async () => {
      renew()
      toast(t('deleted'))
      await navigate({ to: '/' })
    },
  })
}

/** The session went with the account; its tokens are still kept here. */
async function forget(): Promise<void> {
  try {
    await client.logout()
  } catch (error) {
    if (!(error instanceof Fault)) throw error
  }
}
