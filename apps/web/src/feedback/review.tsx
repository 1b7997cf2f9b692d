import { Fault } from '@meydan/contracts/core'
import { CurrentReview, FEEDBACK_STATES, type FeedbackEntry, type FeedbackState } from '@meydan/contracts/feedback'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { z } from 'zod'
import { client } from '../client.ts'
import { LabelledChoice } from '../community/labelled-choice.tsx'
import { useText } from '../i18n/i18n.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { roomLeft } from './draft.ts'

interface ReviewProps {
  readonly entry: FeedbackEntry
  readonly onReviewed: (entry: FeedbackEntry) => void
}

/** State and answer, as the admin would have them. What somebody else decided meanwhile is shown, not overrun. */
export function Review({ entry, onReviewed }: ReviewProps) {
  const t = useText('review')
  const [state, setState] = useState<FeedbackState>(entry.state)
  const [answer, setAnswer] = useState(entry.answer ?? '')
  const [seen, setSeen] = useState<CurrentReview>(entry)
  const saving = useMutation({
    mutationFn: () =>
      client.call.feedback.review({
        feedbackId: entry.feedbackId,
        revision: seen.revision,
        state,
        answer: answer.trim() === '' ? null : answer,
      }),
    onSuccess: (saved) => {
      setSeen(saved)
      onReviewed(saved)
    },
    onError: (error) => {
      const current = currentOf(error)
      if (current) setSeen(current)
    },
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!saving.isPending && roomLeft(answer) >= 0) saving.mutate()
  }
  const states = FEEDBACK_STATES.map((value) => ({ value, text: t(`state-${value}`) }))
  const touch = (): void => {
    if (!saving.isPending) saving.reset()
  }
  return (
    <form
      onSubmit={submit}
      noValidate
      data-testid="review"
      className="mt-5 flex flex-col gap-4 border-t border-line pt-5"
    >
      <LabelledChoice
        label={t('state')}
        choices={states}
        value={state}
        onChoose={(value) => {
          setState(value)
          touch()
        }}
      />
      <Answer
        text={answer}
        onText={(value) => {
          setAnswer(value)
          touch()
        }}
      />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Button data-testid="save" type="submit" disabled={saving.isPending}>
          {t(saving.isPending ? 'saving' : 'save')}
        </Button>
        <span role="status" className="text-sm">
          {saving.isSuccess && <span data-testid="saved">{t('saved')}</span>}
        </span>
      </div>
      <Trouble error={saving.error} />
    </form>
  )
}

function Answer({ text, onText }: { text: string; onText: (text: string) => void }) {
  const t = useText('review')
  const feedback = useText('feedback')
  const id = useId()
  const left = roomLeft(text)
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="text-sm text-soft">
        {t('answer')}
      </label>
      <textarea
        id={id}
        data-testid="review-answer"
        rows={3}
        value={text}
        aria-invalid={left < 0}
        aria-describedby={`${id}-note`}
        onChange={(event) => onText(event.target.value)}
        className="field-sizing-content min-h-24 rounded-xl border border-edge bg-card px-4 py-3 text-base aria-invalid:border-warn"
      />
      <p id={`${id}-note`} className={`text-sm ${left < 0 ? 'text-warn' : 'text-soft'}`}>
        {left < 0 ? feedback('over', { count: -left }) : t('answerHint')}
      </p>
    </div>
  )
}

function Trouble({ error }: { error: unknown }) {
  const t = useText('review')
  const current = currentOf(error)
  return (
    <div role="alert">
      {error !== null && (
        <div data-testid="problem" className="rounded-xl border border-warn px-4 py-3 text-sm text-warn">
          <p>{current ? t('meanwhile', { state: t(`state-${current.state}`) }) : sentenceOf(error)}</p>
          {current?.answer && (
            <p className="mt-2 wrap-anywhere whitespace-pre-wrap text-ink">
              {t('theirAnswer', { answer: current.answer })}
            </p>
          )}
        </div>
      )}
    </div>
  )
}

const Meanwhile = z.object({ current: CurrentReview })

/** What another admin has made of it, when that is why the review was refused. */
function currentOf(error: unknown): CurrentReview | undefined {
  if (!(error instanceof Fault) || error.code !== 'REVIEWED_MEANWHILE') return undefined
  return Meanwhile.safeParse(error.details).data?.current
}
