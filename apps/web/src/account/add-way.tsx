import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../client.ts'
import { credentialsOf, isAboutLogin, type Typed, type Wrong, wrongNew } from '../entry/credentials.ts'
import { WayFields } from '../entry/way-fields.tsx'
import { useText } from '../i18n/i18n.ts'
import { queries, queryClient } from '../queries.ts'
import { sentenceOf } from '../sentence.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Form } from '../ui/form.tsx'
import { useToast } from '../ui/toast.tsx'
import type { Way } from './use-account.ts'

/** Links a username or an address to the account; null: none is asked for. */
export function AddWay({ way, onClose }: { way: Way | null; onClose: () => void }) {
  const t = useText('account')
  return (
    <Dialog title={way === 'email' ? t('addEmail') : t('addUsername')} isOpen={way !== null} onClose={onClose}>
      {way && <NewWay way={way} onDone={onClose} />}
    </Dialog>
  )
}

function NewWay({ way, onDone }: { way: Way; onDone: () => void }) {
  const t = useText('account')
  const tEntry = useText('entry')
  const toast = useToast()
  const [typed, setTyped] = useState<Typed>({ login: '', password: '' })
  const [wrong, setWrong] = useState<Wrong<Typed>>({})
  const link = useMutation({
    mutationFn: () => client.call.identity.link({ credentials: credentialsOf(way, typed) }),
    onSuccess: (account) => {
      queryClient.setQueryData(queries.account().queryKey, account)
      toast(t('added'))
      onDone()
    },
  })
  const submit = (): void => {
    const found = wrongNew(way, typed)
    setWrong(found)
    link.reset()
    if (Object.keys(found).length === 0) link.mutate()
  }
  const refused = link.error ? sentenceOf(link.error) : undefined
  const isOfLogin = isAboutLogin(link.error)
  return (
    <Form
      testId="add-way"
      onSubmit={submit}
      submit={t('add')}
      isBusy={link.isPending}
      problem={isOfLogin ? undefined : refused}
    >
      <WayFields
        way={way}
        typed={typed}
        errors={{
          login: wrong.login ? tEntry(wrong.login) : isOfLogin ? refused : undefined,
          password: wrong.password && tEntry(wrong.password),
        }}
        onTyped={setTyped}
      />
    </Form>
  )
}
