import type { Recovery as RecoveryOf } from '@meydan/contracts/identity'
import { useState } from 'react'
import { useText } from '../i18n/i18n.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useToast } from '../ui/toast.tsx'

/** A guest's generated username and password. Nobody but this browser has the password, so it is the player's to keep. */
export function Recovery({ recovery: { username, password } }: { recovery: RecoveryOf }) {
  const t = useText('account')
  const [isShown, setIsShown] = useState(false)
  const copy = useCopy(`${username}\n${password}`)
  return (
    <div className="flex flex-col gap-4">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-2 rounded-xl bg-paper p-4 text-sm">
        <dt className="text-soft">{t('recoveryUsername')}</dt>
        <dd data-testid="recovery-username" className="font-mono break-all select-all">
          {username}
        </dd>
        <dt className="text-soft">{t('recoveryPassword')}</dt>
        <dd data-testid="recovery-password" className="font-mono break-all select-all">
          {isShown ? password : '••••••••••••'}
        </dd>
      </dl>
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" size="small" data-testid="recovery-copy" onClick={copy}>
          <Icon name="copy" />
          {t('copy')}
        </Button>
        <Button
          look="plain"
          size="small"
          data-testid="recovery-show"
          aria-expanded={isShown}
          onClick={() => setIsShown(!isShown)}
        >
          {isShown ? t('hide') : t('show')}
        </Button>
      </div>
    </div>
  )
}

function useCopy(text: string): () => Promise<void> {
  const t = useText('account')
  const toast = useToast()
  return async () => {
    try {
      // Not there on plain http outside of localhost.
      await navigator.clipboard.writeText(text)
      toast(t('copied'))
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error
      toast(t('notCopied'))
    }
  }
}
