import type { Level as LevelOf } from '@meydan/contracts/rewards'
import { useFormats } from '../i18n/formats.ts'
import { useText } from '../i18n/i18n.ts'
import { Bar } from '../ui/bar.tsx'
import { useCounted } from '../ui/counted.ts'

/** How far the player has come. */
export function Level({ level }: { level: LevelOf }) {
  const t = useText('rewards')
  const { number } = useFormats()
  const experience = useCounted(level.experience)
  const { levelFrom, levelTo } = level
  const to = levelTo ?? level.experience
  return (
    <section
      aria-labelledby="level-title"
      data-testid="level"
      data-level={level.level}
      className="flex items-center gap-4 rounded-2xl border border-line bg-card p-4 sm:gap-6 sm:p-6"
    >
      <span
        aria-hidden="true"
        className="grid size-16 shrink-0 place-items-center rounded-full bg-accent text-2xl font-bold text-on-accent tabular-nums sm:size-20 sm:text-3xl"
      >
        {number(level.level)}
      </span>
      <div className="min-w-0 flex-1">
        <h2 id="level-title" className="text-lg font-semibold">
          {t('level', { level: number(level.level) })}
        </h2>
        <div className="mt-2">
          <Bar label={t('levelBar')} value={experience - levelFrom} max={Math.max(1, to - levelFrom)} />
        </div>
        <p className="mt-2 flex flex-wrap justify-between gap-x-4 text-sm text-soft tabular-nums">
          <span>{t('of-xp', { amount: number(experience) })}</span>
          <span>
            {levelTo === null
              ? t('levelLast')
              : t('levelNext', { amount: number(levelTo - experience), level: number(level.level + 1) })}
          </span>
        </p>
      </div>
    </section>
  )
}
