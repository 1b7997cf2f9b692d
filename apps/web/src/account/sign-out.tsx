import { Fault } from '@meydan/contracts/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { useStage } from '../stage-provider.tsx'
import { Button, buttonLook } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useToast } from '../ui/toast.tsx'
import { Recovery } from './recovery.tsx'

/** Ends the session here; the account stays. */
export function useSignOut() {
  const t = useText('account')
  const toast = useToast()
  const navigate = useNavigate()
  const { renew } = useStage()
  return useMutation({
    mutationFn: async () => {
      try {
        await client.logout()
      } catch (error) {
        // The tokens are forgotten here in any case; a server that was not told finds out when they expire.
        if (!(error instanceof Fault)) throw error
      }
    },
    onSuccess: async () => {
      renew()
      toast(t('signedOut'))
      await navigate({ to: '/' })
    },
  })
}

interface SignOutGuestProps {
  readonly isOpen: boolean
  readonly onClose: () => void
}

/** A guest who signs out may not come back: says so, and what helps. */
export function SignOutGuest({ isOpen, onClose }: SignOutGuestProps) {
  const t = useText('account')
  const tFrame = useText('frame')
  const signOut = useSignOut()
  const { recovery } = client
  return (
    <Dialog title={t('signOutTitle')} isOpen={isOpen} onClose={onClose}>
      <p className="text-pretty text-soft">{recovery ? t('signOutText') : t('signOutLost')}</p>
      {recovery && <Recovery recovery={recovery} />}
      <div className="flex flex-col gap-2">
        <Link to="/sign-up" onClick={onClose} className={buttonLook()}>
          {tFrame('signUp')}
        </Link>
        <Button
          look="danger"
          data-testid="sign-out-guest"
          disabled={signOut.isPending}
          onClick={() => {
            onClose()
            signOut.mutate()
          }}
        >
          {t('signOut')}
        </Button>
        <Button look="plain" onClick={onClose}>
          {t('stay')}
        </Button>
      </div>
    </Dialog>
  )
}
