import { useText } from '../i18n/i18n.ts'

/** Where lines will be, as high as they will be, so that nothing jumps when they come. */
export function SkeletonLines({ count, className = 'h-10' }: { count: number; className?: string }) {
  const t = useText('frame')
  return (
    <div role="status" className="flex flex-col gap-px">
      <span className="sr-only">{t('loading')}</span>
      {Array.from({ length: count }, (_, line) => (
        <div key={`line-${line + 1}`} className={`flex items-center ${className}`} aria-hidden="true">
          <div className="h-4 w-full rounded-md bg-line/70 motion-safe:animate-pulse" />
        </div>
      ))}
    </div>
  )
}
