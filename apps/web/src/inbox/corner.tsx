import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { Icon } from '../ui/icon.tsx'

const SHOWN_MAX = 99

/** Leads to the inbox, and says what waits there: unread messages, or else rewards. */
export function InboxCorner() {
  const t = useText('inbox')
  const { number } = useFormats()
  const { data: { unread, unclaimed } = { unread: 0, unclaimed: 0 } } = useQuery(queries.inboxCounts())
  return (
    <Link
      to="/inbox"
      data-testid="inbox-corner"
      className="relative grid size-11 place-items-center rounded-xl text-soft hover:bg-card hover:text-ink"
    >
      <Icon name="inbox" className="size-6" />
      <span className="sr-only">{t('title')}</span>
      {unread > 0 && (
        <span
          data-testid="unread"
          className="absolute top-0.5 right-0 grid h-5 min-w-5 place-items-center rounded-full bg-accent px-1 text-xs font-bold text-on-accent tabular-nums"
        >
          <span aria-hidden="true">{unread > SHOWN_MAX ? `${number(SHOWN_MAX)}+` : number(unread)}</span>
          <span className="sr-only">, {t('unread', { count: unread })}</span>
        </span>
      )}
      {unread === 0 && unclaimed > 0 && (
        <span className="absolute top-1.5 right-1.5 size-2.5 rounded-full bg-gold">
          <span className="sr-only">, {t('unclaimed', { count: unclaimed })}</span>
        </span>
      )}
    </Link>
  )
}
