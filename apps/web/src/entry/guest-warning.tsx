import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useAccount } from '../account/use-account.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { buttonLook } from '../ui/button.tsx'
import { PlayerName } from '../ui/player-name.tsx'

/** Tells a guest who is about to become somebody else what is left behind. */
export function GuestWarning() {
  const t = useText('entry')
  const tFrame = useText('frame')
  const { isGuest = false } = useAccount()
  const { data: me } = useQuery({ ...queries.me(), enabled: isGuest })
  if (!me) return null
  return (
    <div className="flex flex-col gap-3 rounded-xl border border-edge bg-card p-4 text-sm">
      <PlayerName name={me.displayName} avatar={me.avatar} note={tFrame('guest')} />
      <p>{t('guestWarning', { name: me.displayName })}</p>
      <Link to="/sign-up" className={`self-start ${buttonLook('quiet', 'small')}`}>
        {t('guestKeep')}
      </Link>
    </div>
  )
}
