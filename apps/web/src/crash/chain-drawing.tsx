import { useText } from '../i18n/i18n.ts'

/** Where the boxes of the drawing begin, px of its own. */
const BOXES = [20, 180, 340, 500] as const
const BOX = { width: 120, height: 56, top: 70 } as const

/** The chain: made from right to left, played from left to right. */
export function ChainDrawing() {
  const t = useText('fairness')
  const labels = [t('drawCommitment'), t('drawRound', { number: 1 }), t('drawRound', { number: 2 }), '…']
  return (
    <svg viewBox="0 0 640 200" role="img" aria-label={t('drawing')} className="w-full rounded-xl bg-paper text-ink">
      <Arrow from={620} to={20} y={34} className="text-soft" />
      <text x="320" y="24" textAnchor="middle" fontSize="16" fill="currentColor">
        {t('drawMade')}
      </text>
      {BOXES.map((left, at) => (
        <g key={left}>
          <rect
            x={left}
            y={BOX.top}
            width={BOX.width}
            height={BOX.height}
            rx="14"
            fill={at === 0 ? 'var(--accent)' : 'var(--card)'}
            stroke="var(--edge)"
            strokeWidth="1.5"
          />
          <text
            x={left + BOX.width / 2}
            y={BOX.top + BOX.height / 2 + 6}
            textAnchor="middle"
            fontSize="16"
            fontWeight="600"
            fill={at === 0 ? 'var(--on-accent)' : 'currentColor'}
          >
            {labels[at]}
          </text>
          {at > 0 && <Arrow from={left - 4} to={left - 36} y={BOX.top + BOX.height / 2} className="text-ink" />}
        </g>
      ))}
      <text x="320" y="148" textAnchor="middle" fontSize="15" fill="currentColor" className="text-soft">
        {t('drawHash')}
      </text>
      <Arrow from={20} to={620} y={170} className="text-accent" />
      <text x="320" y="192" textAnchor="middle" fontSize="16" fill="currentColor">
        {t('drawPlayed')}
      </text>
    </svg>
  )
}

function Arrow({ from, to, y, className }: { from: number; to: number; y: number; className: string }) {
  const back = from < to ? -8 : 8
  return (
    <g className={className} stroke="currentColor" strokeWidth="2" fill="none" strokeLinecap="round">
      <path d={`M${from} ${y}H${to}M${to + back} ${y - 6}L${to} ${y}L${to + back} ${y + 6}`} />
    </g>
  )
}
