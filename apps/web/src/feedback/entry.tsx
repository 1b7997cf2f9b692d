import type { Feedback, FeedbackState } from '@meydan/contracts/feedback'
import { When } from '../community/when.tsx'
import { useText } from '../i18n/i18n.ts'
import { Given } from './stars.tsx'

const LOOKS: Readonly<Record<FeedbackState, string>> = {
  new: 'border-edge text-soft',
  read: 'border-edge text-ink',
  planned: 'border-accent text-accent',
  done: 'border-accent bg-accent text-on-accent',
  declined: 'border-edge text-soft',
}

export function State({ state, label }: { state: FeedbackState; label: string }) {
  return (
    <span
      data-testid="state"
      data-state={state}
      className={`rounded-full border px-3 py-1 text-xs font-semibold ${LOOKS[state]}`}
    >
      {label}
    </span>
  )
}

interface SaidProps {
  readonly feedback: Feedback
  readonly state: string
}

/** One piece of feedback as it was written, and where it stands. */
export function Said({ feedback, state }: SaidProps) {
  const t = useText('feedback')
  return (
    <>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-soft">
        <State state={feedback.state} label={state} />
        <span className="font-semibold text-ink">{t(`kind-${feedback.kind}`)}</span>
        {feedback.rating !== null && <Given rating={feedback.rating} />}
        <span className="ml-auto">
          <When at={feedback.at} />
        </span>
      </div>
      <p className="mt-3 wrap-anywhere whitespace-pre-wrap">{feedback.text}</p>
    </>
  )
}
