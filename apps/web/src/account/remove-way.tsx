import { useMutation } from '@tanstack/react-query'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { queries, queryClient } from '../queries.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useToast } from '../ui/toast.tsx'
import type { Way } from './use-account.ts'

interface RemoveWayProps {
  /** null: none is to go. */
  readonly way: Way | null
  readonly label: string
  readonly onClose: () => void
}

/** Asks before a way in is unlinked. */
export function RemoveWay({ way, label, onClose }: RemoveWayProps) {
  const t = useText('account')
  const toast = useToast()
  const unlink = useMutation({
    mutationFn: (type: Way) => client.call.identity.unlink({ type }),
    onSuccess: (account) => {
      queryClient.setQueryData(queries.account().queryKey, account)
      toast(t('removed'))
      onClose()
    },
  })
  return (
    <Dialog title={t('removeTitle')} isOpen={way !== null} onClose={onClose}>
      <p className="text-pretty text-soft">{t('removeText', { label })}</p>
      <div role="alert" className="empty:-mt-4">
        {unlink.error && <p className="text-sm text-warn">{sentenceOf(unlink.error)}</p>}
      </div>
      <div className="flex flex-wrap gap-2">
        <Button
          look="danger"
          data-testid="remove-confirm"
          disabled={unlink.isPending}
          onClick={() => way && unlink.mutate(way)}
        >
          {t('remove')}
        </Button>
        <Button look="plain" onClick={onClose}>
          {t('stay')}
        </Button>
      </div>
    </Dialog>
  )
}
