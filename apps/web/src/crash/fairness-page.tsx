import { useQuery } from '@tanstack/react-query'
import { Column } from '../community/column.tsx'
import { SkeletonCards, Unread } from '../community/reading.tsx'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { Card } from '../ui/card.tsx'
import { Arithmetic } from './arithmetic.tsx'
import { ChainDrawing } from './chain-drawing.tsx'
import { Hex } from './round-page.tsx'

const FIRST_LOBBY = 1
/** A published example of this way of drawing: everybody gets 1.26×. */
const EXAMPLE = {
  hash: 'b2acd37fbdb5509926ab5d7329704c840f8467266c90019682f3b260a029bdba',
  salt: '0000000000000000004d6ec16dafe9d8370958664c1dc422f452892264c59526',
} as const

/** `/app/crash/fairness`: why nobody can have changed a result, and how anybody checks that. */
export function FairnessPage() {
  const t = useText('fairness')
  return (
    <Column title={t('title')} lead={t('lead')}>
      <div className="mt-6 flex flex-col gap-5">
        <Card title={t('howTitle')}>
          <ChainDrawing />
          <ol className="flex list-decimal flex-col gap-3 pl-5 text-pretty">
            <li>{t('how1')}</li>
            <li>{t('how2')}</li>
            <li>{t('how3')}</li>
            <li>{t('how4')}</li>
          </ol>
        </Card>
        <Card title={t('promiseTitle')} text={t('promiseText')}>
          <Commitment />
        </Card>
        <Card title={t('tryTitle')} text={t('tryText')}>
          <Arithmetic {...EXAMPLE} told={126} />
        </Card>
        <Card title={t('oddsTitle')}>
          <p className="text-pretty">{t('oddsText')}</p>
        </Card>
        <Card title={t('saltTitle')}>
          <p className="text-pretty">{t('saltText')}</p>
        </Card>
      </div>
    </Column>
  )
}

function Commitment() {
  const t = useText('fairness')
  const { moment, number } = useFormats()
  const { data: chain, error, isPending, refetch } = useQuery(queries.crashChain(FIRST_LOBBY))
  if (isPending) return <SkeletonCards count={1} />
  if (!chain) return <Unread error={error} onAgain={() => void refetch()} />
  return (
    <>
      <Hex term={t('commitment', { at: moment(chain.committedAt) })} value={chain.commitment} />
      {chain.salt !== null && chain.saltAnnouncedAt !== null && (
        <Hex term={t('saltAt', { at: moment(chain.saltAnnouncedAt) })} value={chain.salt} />
      )}
      <p className="text-sm text-soft tabular-nums">
        {t('played', { played: number(chain.played), rounds: number(chain.rounds) })}
      </p>
    </>
  )
}
