import { Fault } from '@meydan/contracts/core'
import { FEEDBACK_KINDS, type FeedbackContext } from '@meydan/contracts/feedback'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useId, useRef, useState } from 'react'
import { client } from '../client.ts'
import { LabelledChoice } from '../community/labelled-choice.tsx'
import { useGame } from '../games.ts'
import { useText } from '../i18n/i18n.ts'
import { Keys } from '../keys.ts'
import { readAnew } from '../read-anew.ts'
import { sentenceOf } from '../sentence.ts'
import { useStage } from '../stage-provider.tsx'
import { Button } from '../ui/button.tsx'
import { BLANK, contentOf, type Draft, type Left, roomLeft } from './draft.ts'
import { Stars } from './stars.tsx'

/** From here on the number of characters left is worth saying. */
const ROOM_SHOWN_MAX = 300

interface FormProps {
  /** The match that the player came from. */
  readonly matchId: string | undefined
}

/** What a player fills in. Nothing typed is lost when it cannot be sent. */
export function FeedbackForm({ matchId }: FormProps) {
  const t = useText('feedback')
  const { name: game } = useGame()
  const [draft, setDraft] = useState<Draft>(BLANK)
  const [isMissing, setMissing] = useState(false)
  const text = useRef<HTMLTextAreaElement>(null)
  const leaving = useLeave(() => setDraft((now) => ({ ...BLANK, kind: now.kind })))
  const change = (part: Partial<Draft>): void => {
    setDraft((now) => ({ ...now, ...part }))
    setMissing(false)
    if (!leaving.isPending) leaving.reset()
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (leaving.isPending) return
    const isBlank = draft.text.trim() === ''
    setMissing(isBlank)
    if (isBlank || roomLeft(draft.text) < 0) text.current?.focus()
    else leaving.mutate({ ...draft, context: contextNow(game, matchId) })
  }
  const kinds = FEEDBACK_KINDS.map((value) => ({ value, text: t(`kind-${value}`) }))
  return (
    <form onSubmit={submit} noValidate data-testid="feedback-form" className="flex flex-col gap-5">
      <LabelledChoice label={t('kind')} choices={kinds} value={draft.kind} onChoose={(kind) => change({ kind })} />
      <Message
        ref={text}
        draft={draft}
        isMissing={isMissing}
        fault={leaving.error}
        onText={(value) => change({ text: value })}
      />
      <Stars value={draft.rating} onChange={(rating) => change({ rating })} />
      <div className="flex flex-col gap-3">
        <p className="text-sm text-pretty text-soft">
          {matchId !== undefined && <span className="block">{t('aboutMatch')} </span>}
          {t('along')}
        </p>
        <Button data-testid="send" type="submit" disabled={leaving.isPending}>
          {t(leaving.isPending ? 'sending' : 'send')}
        </Button>
        <Outcome error={leaving.error} isThanked={leaving.isSuccess} />
      </div>
    </form>
  )
}

interface MessageProps {
  readonly ref: React.Ref<HTMLTextAreaElement>
  readonly draft: Draft
  readonly isMissing: boolean
  readonly fault: unknown
  readonly onText: (text: string) => void
}

function Message({ ref, draft, isMissing, fault, onText }: MessageProps) {
  const t = useText('feedback')
  const id = useId()
  const left = roomLeft(draft.text)
  const problemOf = (): string | null => {
    if (isMissing) return t('missing')
    if (left < 0) return t('over', { count: -left })
    return fieldOf(fault) === 'text' ? sentenceOf(fault) : null
  }
  const problem = problemOf()
  return (
    <div className="flex flex-col gap-2">
      <label htmlFor={id} className="text-sm text-soft">
        {t(`ask-${draft.kind}`)}
      </label>
      <textarea
        ref={ref}
        id={id}
        data-testid="text"
        rows={6}
        value={draft.text}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-note`}
        onChange={(event) => onText(event.target.value)}
        className="field-sizing-content min-h-36 rounded-xl border border-edge bg-card px-4 py-3 text-base aria-invalid:border-warn"
      />
      <p id={`${id}-note`} aria-live="polite" className={`min-h-5 text-sm ${problem ? 'text-warn' : 'text-soft'}`}>
        {problem ?? (left <= ROOM_SHOWN_MAX ? t('left', { count: left }) : '')}
      </p>
    </div>
  )
}

function Outcome({ error, isThanked }: { error: unknown; isThanked: boolean }) {
  const t = useText('feedback')
  const isOwn = error !== null && fieldOf(error) !== 'text'
  return (
    <>
      <div role="alert">
        {isOwn && (
          <p data-testid="problem" className="rounded-xl border border-warn px-4 py-3 text-sm text-warn">
            {sentenceOf(error)}
          </p>
        )}
      </div>
      <div role="status">
        {isThanked && (
          <p data-testid="thanks" className="rounded-xl border border-accent px-4 py-3 text-sm">
            {t('thanks')}
          </p>
        )}
      </div>
    </>
  )
}

function useLeave(onLeft: () => void) {
  const { renew } = useStage()
  const queries = useQueryClient()
  const [keys] = useState(() => new Keys())
  return useMutation({
    mutationFn: async ({ rating, ...left }: Left) => {
      const key = keys.of(contentOf({ rating, ...left }))
      // A visitor who has not played yet is a guest from here on, and sees later what came of it.
      if (!(await client.restore())) {
        await client.guest()
        await renew()
      }
      return client.call.feedback.leave({ key, ...left, ...(rating !== null && { rating }) })
    },
    onSuccess: () => {
      keys.forget()
      onLeft()
      return readAnew(queries, ['feedback', 'mine'])
    },
  })
}

function contextNow(game: string, matchId: string | undefined): FeedbackContext {
  const { innerWidth: width, innerHeight: height } = window
  return {
    game,
    ...(matchId !== undefined && { matchId }),
    page: window.location.pathname,
    client: `web ${buildName()}`,
    ...(width > 0 && height > 0 && { viewport: { width, height } }),
  }
}

/** Which build of the page this is: its files are named by their content. */
function buildName(): string {
  return /([\w-]{8})\.js$/.exec(import.meta.url)?.[1] ?? 'dev'
}

function fieldOf(error: unknown): unknown {
  return error instanceof Fault ? error.details?.field : undefined
}
