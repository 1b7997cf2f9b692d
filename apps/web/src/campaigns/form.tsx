import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { asAdmin } from '../admin.ts'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { Keys } from '../keys.ts'
import { queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'
import { RewardList } from '../rewards/reward-list.tsx'
import type { Facts } from '../rewards/words.ts'
import { sentenceOf } from '../sentence.ts'
import { Button } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { TextArea } from '../ui/text-area.tsx'
import { useToast } from '../ui/toast.tsx'
import { AudienceFields } from './audience.tsx'
import { campaigns } from './campaigns.ts'
import { type Asked, BLANK, type Draft, type Problem, read } from './draft.ts'
import { RewardLines } from './reward-lines.tsx'

const NONE: ReadonlySet<Problem> = new Set()

/** A message to many, filled in and looked at once more before it goes out. */
export function CampaignForm({ facts }: { facts: Facts }) {
  const t = useText('campaigns')
  const [draft, setDraft] = useState(BLANK)
  const [problems, setProblems] = useState(NONE)
  const [asked, setAsked] = useState<Asked | null>(null)
  const change = (part: Partial<Draft>): void => setDraft((now) => ({ ...now, ...part }))
  const check = (): void => {
    const found = read(draft, {
      kindOf: (type) => facts.types.find((each) => each.type === type)?.kind,
      decimalsOf: (currency) => facts.balances.find((each) => each.currency === currency)?.decimals ?? 0,
    })
    setProblems('problems' in found ? found.problems : NONE)
    if ('asked' in found) setAsked(found.asked)
  }
  const wrong = (problem: Problem, text: string): string | undefined => (problems.has(problem) ? text : undefined)
  return (
    <Card title={t('new')}>
      <Form testId="campaign-form" submit={t('review')} isBusy={false} isWide={false} onSubmit={check}>
        <Field
          label={t('titleField')}
          data-testid="campaign-title"
          value={draft.title}
          error={wrong('title', t('wrongTitle'))}
          onValue={(title) => change({ title })}
        />
        <TextArea
          label={t('text')}
          testId="campaign-text"
          value={draft.text}
          error={wrong('text', t('wrongText'))}
          onValue={(text) => change({ text })}
        />
        <RewardLines
          lines={draft.rewards}
          facts={facts}
          problems={problems}
          onLines={(rewards) => change({ rewards })}
        />
        <AudienceFields draft={draft} problems={problems} onChange={change} />
        <Field
          label={t('days')}
          inputMode="numeric"
          value={draft.days}
          error={wrong('days', t('wrongDays'))}
          onValue={(days) => change({ days })}
        />
      </Form>
      <Confirm asked={asked} onClose={() => setAsked(null)} onSent={() => setDraft(BLANK)} />
    </Card>
  )
}

interface ConfirmProps {
  readonly asked: Asked | null
  readonly onClose: () => void
  readonly onSent: () => void
}

/** What is sent cannot be called back out of inboxes, so it is shown once more. */
function Confirm({ asked, onClose, onSent }: ConfirmProps) {
  const t = useText('campaigns')
  const sending = useSending(() => {
    onSent()
    onClose()
  })
  return (
    <Dialog title={t('sendTitle')} isOpen={asked !== null} onClose={onClose}>
      {asked && (
        <>
          <p className="text-pretty text-soft">
            {t('sendText', { audience: t(`goes-${reachOf(asked)}`, countOf(asked)) })}
          </p>
          <div className="rounded-xl bg-paper p-4">
            <p className="font-semibold wrap-anywhere">{asked.title}</p>
            <p className="mt-1 max-h-40 overflow-y-auto text-sm wrap-anywhere whitespace-pre-wrap text-soft">
              {asked.text}
            </p>
            {asked.rewards.length > 0 && (
              <div className="mt-3">
                <RewardList rewards={asked.rewards} />
              </div>
            )}
          </div>
          <p role="alert" data-testid="send-problem" className="text-sm text-warn empty:hidden">
            {sending.error ? sentenceOf(sending.error) : ''}
          </p>
          <div className="flex flex-wrap justify-end gap-3">
            <Button look="plain" onClick={onClose}>
              {t('back')}
            </Button>
            <Button data-testid="send-surely" aria-disabled={sending.isPending} onClick={() => sending.send(asked)}>
              {t('send')}
            </Button>
          </div>
        </>
      )}
    </Dialog>
  )
}

function reachOf({ to }: Asked): 'everybody' | 'players' | 'segment' {
  if ('everybody' in to) return 'everybody'
  return 'playerIds' in to ? 'players' : 'segment'
}

const countOf = ({ to }: Asked): { count: number } => ({ count: 'playerIds' in to ? to.playerIds.length : 0 })

const SEND = ['sendCampaign']

/** A second press does nothing. */
function useSending(onSent: () => void) {
  const t = useText('campaigns')
  const toast = useToast()
  const [keys] = useState(() => new Keys())
  const sending = useMutation({
    mutationKey: SEND,
    mutationFn: (asked: Asked) => {
      const key = keys.of(JSON.stringify(asked))
      return asAdmin(() => client.call.rewards.send({ key, ...asked }))
    },
    onSuccess: () => {
      keys.forget()
      onSent()
      toast(t('onItsWay'))
      return readAnew(queryClient, campaigns.queryKey)
    },
  })
  const send = (asked: Asked): void => {
    if (queryClient.isMutating({ mutationKey: SEND }) === 0) sending.mutate(asked)
  }
  return { send, isPending: sending.isPending, error: sending.error }
}
