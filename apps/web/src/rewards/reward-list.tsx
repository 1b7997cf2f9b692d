import type { Reward, RewardKind } from '@meydan/contracts/rewards'
import { Icon, type IconName } from '../ui/icon.tsx'
import { CurrencySign } from '../wallet/sign.tsx'
import { useFacts, useTelling } from './words.ts'

const ICONS: Readonly<Record<Exclude<RewardKind, 'currency'>, IconName>> = {
  experience: 'star',
  item: 'chest',
  booster: 'bolt',
}

export function RewardSign({
  type,
  kind,
  className = 'size-5',
}: {
  type: string
  kind: RewardKind
  className?: string
}) {
  if (kind === 'currency') return <CurrencySign currency={type} className={className} />
  return <Icon name={ICONS[kind]} className={`text-accent ${className}`} />
}

interface RewardListProps {
  readonly rewards: readonly Reward[]
  readonly isCentred?: boolean
}

/** Rewards beside each other, each with its picture. As high while it is being read what they are. */
export function RewardList({ rewards, isCentred = false }: RewardListProps) {
  const facts = useFacts()
  const tell = useTelling()
  return (
    <ul className={`flex min-h-9 flex-wrap gap-2 ${isCentred ? 'justify-center' : ''}`}>
      {facts &&
        rewards.map((reward) => (
          <li
            key={`${reward.type}-${reward.amount}`}
            data-testid="reward"
            className="flex min-h-9 items-center gap-2 rounded-full border border-line bg-paper px-3 text-sm font-semibold tabular-nums"
          >
            <RewardSign
              type={reward.type}
              kind={facts.types.find(({ type }) => type === reward.type)?.kind ?? 'item'}
            />
            {tell(reward, facts)}
          </li>
        ))}
    </ul>
  )
}
