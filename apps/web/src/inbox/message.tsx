import type { InboxMessage } from '@meydan/contracts/rewards'
import { inWords, When } from '../community/when.tsx'
import { useLanguage, useText } from '../i18n/i18n.ts'
import { RewardList } from '../rewards/reward-list.tsx'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { useClaiming } from './claiming.ts'

interface MessageProps {
  readonly message: InboxMessage
  readonly isNew: boolean
  readonly nowMs: number
}

/** A message, and what it brought. */
export function Message({ message, isNew, nowMs }: MessageProps) {
  const t = useText('inbox')
  const { messageId, title, text, rewards, at } = message
  return (
    <li
      data-testid="message"
      className={`rounded-2xl border bg-card p-4 sm:p-5 ${isNew ? 'border-accent' : 'border-line'}`}
    >
      <article aria-labelledby={`message-${messageId}`}>
        <div className="flex items-start gap-3">
          <h2 id={`message-${messageId}`} className="min-w-0 flex-1 font-semibold wrap-anywhere">
            {isNew && (
              <span className="mr-2 rounded-md bg-accent px-1.5 py-0.5 text-xs font-semibold text-on-accent">
                {t('new')}
              </span>
            )}
            {title}
          </h2>
          <span className="shrink-0 text-sm text-soft">
            <When at={at} />
          </span>
        </div>
        {text !== '' && <p className="mt-2 wrap-anywhere whitespace-pre-wrap text-soft">{text}</p>}
        {rewards.length > 0 && (
          <div className="mt-4">
            <RewardList rewards={rewards} />
            <Claim message={message} nowMs={nowMs} />
          </div>
        )}
      </article>
    </li>
  )
}

const SOON_MS = 24 * 60 * 60 * 1_000

function Claim({ message, nowMs }: { message: InboxMessage; nowMs: number }) {
  const t = useText('inbox')
  const language = useLanguage()
  const { claim, error } = useClaiming(message.messageId)
  const leftMs = Date.parse(message.expiresAt) - nowMs
  return (
    <div className="mt-3 flex min-h-11 flex-wrap items-center justify-between gap-x-4 gap-y-2">
      <p aria-live="polite" className="text-sm">
        {error && (
          <span data-testid="problem" className="text-warn">
            {sentenceOf(error)}
          </span>
        )}
        {!error && message.claimedAt === null && (
          <span className={leftMs < SOON_MS ? 'text-warn' : 'text-soft'}>
            {leftMs > 0 ? t('expires', { when: inWords(leftMs, language) }) : t('expired')}
          </span>
        )}
      </p>
      {message.claimedAt !== null && (
        <p data-testid="claimed" className="flex items-center gap-1.5 text-sm font-semibold text-accent">
          <Icon name="check" />
          {t('claimed')}
        </p>
      )}
      {message.claimedAt === null && leftMs > 0 && (
        <Button size="small" data-testid="claim" onClick={claim}>
          {t('claim')}
        </Button>
      )}
    </div>
  )
}
