import { useText } from '../i18n/i18n.ts'
import { useEarned } from './earned.ts'
import { RewardList } from './reward-list.tsx'

/** What the match that has just ended brought; its place is there before it is known, so that nothing jumps. */
export function EarnedHere() {
  const t = useText('rewards')
  const rewards = useEarned()
  return (
    <div aria-live="polite" className="mt-6 min-h-18">
      {rewards.length > 0 && (
        <section data-testid="earned" aria-labelledby="earned-title" className="text-center">
          <h2 id="earned-title" className="mb-2 text-sm font-semibold text-soft">
            {t('earned')}
          </h2>
          <RewardList rewards={rewards} isCentred />
        </section>
      )}
    </div>
  )
}
