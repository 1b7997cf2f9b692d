import { Fault } from '@meydan/contracts/core'
import type { Proof } from '@meydan/contracts/crash'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type ReactNode, useMemo } from 'react'
import type { z } from 'zod'
import { Column } from '../community/column.tsx'
import { SkeletonCards, Unread } from '../community/reading.tsx'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { buttonLook } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Empty } from '../ui/states.tsx'
import { Arithmetic, Verdict } from './arithmetic.tsx'
import { useMultiplierText } from './multiplier.tsx'
import { hashedBack } from './proof.ts'

const route = getRouteApi('/crash/rounds/$roundId')
/** Refusals that say that there is no such round to check. */
const NONE: ReadonlySet<string> = new Set(['UNKNOWN_ROUND', 'INVALID_INPUT'])

/** `/app/crash/rounds/ID`: a round that is over, checked in this browser. */
export function RoundPage() {
  const { roundId } = route.useParams()
  const t = useText('fairness')
  const { data: proof, error, isPending, refetch } = useQuery(queries.crashProof(roundId))
  if (proof) return <Checked key={proof.roundId} proof={proof} />
  const isNone = error instanceof Fault && NONE.has(error.code)
  return (
    <Column title={t('round')} isTitleHidden={isNone}>
      {isPending && <SkeletonCards count={3} />}
      {isNone && (
        <Empty title={t('noRound')} text={t('noRoundText')} level={1}>
          <Link to="/crash" className={buttonLook()}>
            {t('toGame')}
          </Link>
        </Empty>
      )}
      {error && !isNone && <Unread error={error} onAgain={() => void refetch()} />}
    </Column>
  )
}

function Checked({ proof }: { proof: z.infer<typeof Proof> }) {
  const t = useText('fairness')
  const textOf = useMultiplierText()
  const { moment, number } = useFormats()
  const { chain, hash, outcome, multiplier } = proof
  const back = useMemo(() => hashedBack(hash, proof.number), [hash, proof.number])
  const isCrash = outcome === 'crashed'
  return (
    <Column title={t('roundAt', { multiplier: textOf(multiplier) })} lead={t('roundLead')}>
      <dl className="mt-4 flex flex-wrap gap-x-8 gap-y-3">
        <Fact term={t('ended')}>{moment(proof.endedAt)}</Fact>
        <Fact term={t('number')}>{t('numberOf', { number: number(proof.number), rounds: number(chain.rounds) })}</Fact>
        <Fact term={t('lobby')}>{number(proof.lobbyId)}</Fact>
      </dl>
      {!isCrash && <p className="mt-4 rounded-xl border border-warn px-4 py-3 text-warn">{t('wasInterrupted')}</p>}
      <div className="mt-6 flex flex-col gap-5">
        <Card title={t('chainTitle')} text={t('chainText', { number: number(proof.number) })}>
          <Hex term={t('hash')} value={hash} />
          <Hex term={t('hashedBack', { count: proof.number, number: number(proof.number) })} value={back} />
          <Hex term={t('commitment', { at: moment(chain.committedAt) })} value={chain.commitment} />
          <Verdict
            isRight={back === chain.commitment}
            text={t(back === chain.commitment ? 'chainAgrees' : 'chainDisagrees')}
          />
        </Card>
        <Card title={t('resultTitle')} text={t('resultText')}>
          <Arithmetic hash={hash} salt={chain.salt ?? ''} told={isCrash ? multiplier : null} />
        </Card>
        <Link to="/crash/fairness" className="inline-flex min-h-11 items-center self-start text-accent underline">
          {t('howItWorks')}
        </Link>
      </div>
    </Column>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-sm text-soft">{term}</dt>
      <dd className="font-semibold tabular-nums">{children}</dd>
    </div>
  )
}

/** 32 bytes, for who compares them. */
export function Hex({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <p className="text-sm text-soft">{term}</p>
      <p className="mt-1 font-mono text-sm wrap-anywhere">{value}</p>
    </div>
  )
}
