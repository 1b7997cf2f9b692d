import type { Belongings } from '@meydan/contracts/rewards'
import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import { Column } from '../community/column.tsx'
import { SkeletonCards, Unread } from '../community/reading.tsx'
import { useText } from '../i18n/i18n.ts'
import { queries } from '../queries.ts'
import { Level } from './level.tsx'
import { Streak } from './streak.tsx'
import { Boosters, Items } from './things.tsx'

/** `/app/rewards`: how far the player has come, and what they own (B7). */
export function RewardsPage() {
  const t = useText('rewards')
  const { data, error, refetch } = useQuery(queries.belongings())
  return (
    <Column title={t('title')} lead={t('lead')}>
      <div className="mt-8">
        {data && <Owned owned={data} />}
        {!data &&
          (error ? (
            <Unread error={error} onAgain={() => void refetch()} />
          ) : (
            <SkeletonCards count={3} className="h-36" />
          ))}
      </div>
    </Column>
  )
}

function Owned({ owned: { level, streak, boosters, items } }: { owned: z.infer<typeof Belongings> }) {
  return (
    <div className="flex flex-col gap-4">
      <Level level={level} />
      <Streak streak={streak} />
      <div className="mt-6">
        <Boosters boosters={boosters} />
      </div>
      <div className="mt-6">
        <Items items={items} />
      </div>
    </div>
  )
}
