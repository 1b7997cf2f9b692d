import type { Campaign } from '@meydan/contracts/rewards'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../client.ts'
import { When } from '../community/when.tsx'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { sentenceOf } from '../sentence.ts'
import { Bar } from '../ui/bar.tsx'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showCampaign } from './campaigns.ts'

const LOOKS: Readonly<Record<Campaign['state'], string>> = {
  sending: 'border-accent text-accent',
  sent: 'border-accent bg-accent text-on-accent',
  cancelled: 'border-edge text-soft',
}

/** A campaign and how far it is. */
export function CampaignCard({ campaign }: { campaign: Campaign }) {
  const t = useText('campaigns')
  const { title, state, at } = campaign
  return (
    <li data-testid="campaign" className="rounded-2xl border border-line bg-card p-4 sm:p-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 text-sm text-soft">
        <span
          data-testid="campaign-state"
          data-state={state}
          className={`rounded-full border px-3 py-1 text-xs font-semibold ${LOOKS[state]}`}
        >
          {t(`state-${state}`)}
        </span>
        <span className="ml-auto">
          <When at={at} />
        </span>
      </div>
      <h3 className="mt-3 font-semibold wrap-anywhere">{title}</h3>
      <Progress campaign={campaign} />
      {state === 'sending' && <Cancel campaign={campaign} />}
    </li>
  )
}

function Progress({ campaign: { delivered, recipients } }: { campaign: Campaign }) {
  const t = useText('campaigns')
  const { number } = useFormats()
  const told =
    recipients === null
      ? t('counting', { delivered: number(delivered) })
      : t('progress', { delivered: number(delivered), recipients: number(recipients) })
  return (
    <div className="mt-3">
      <Bar label={t('bar')} value={delivered} max={Math.max(1, recipients ?? 1, delivered)} text={told} />
      <p data-testid="progress" className="mt-2 text-sm text-soft tabular-nums">
        {told}
      </p>
    </div>
  )
}

function Cancel({ campaign: { campaignId, title } }: { campaign: Campaign }) {
  const t = useText('campaigns')
  const [isAsking, setIsAsking] = useState(false)
  const cancelling = useMutation({
    mutationFn: () => client.call.rewards.cancel({ campaignId }),
    onSuccess: (campaign) => {
      setIsAsking(false)
      showCampaign(campaign)
    },
  })
  return (
    <>
      <Button
        look="quiet"
        size="small"
        className="mt-3"
        data-testid="cancel-campaign"
        onClick={() => setIsAsking(true)}
      >
        {t('stop')}
      </Button>
      <Dialog title={t('stopTitle')} isOpen={isAsking} onClose={() => setIsAsking(false)}>
        <p className="text-pretty text-soft">{t('stopText', { title })}</p>
        <p role="alert" className="text-sm text-warn empty:hidden">
          {cancelling.error ? sentenceOf(cancelling.error) : ''}
        </p>
        <div className="flex flex-wrap justify-end gap-3">
          <Button look="plain" onClick={() => setIsAsking(false)}>
            {t('goOn')}
          </Button>
          <Button
            look="danger"
            data-testid="cancel-surely"
            disabled={cancelling.isPending}
            onClick={() => cancelling.mutate()}
          >
            {t('stop')}
          </Button>
        </div>
      </Dialog>
    </>
  )
}
