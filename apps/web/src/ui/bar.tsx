interface BarProps {
  readonly label: string
  readonly value: number
  readonly max: number
  /** What it says to those who do not see it; a share in percent unless given. */
  readonly text?: string
}

/** How much of something is done. An SVG, since the content policy allows no width in a style. */
export function Bar({ label, value, max, text }: BarProps) {
  const share = Math.min(1, Math.max(0, value / max))
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(max, Math.max(0, value))}
      aria-valuetext={text}
      className="h-3 overflow-hidden rounded-full bg-line"
    >
      <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true" className="block size-full">
        <rect width={share * 100} height="1" fill="var(--accent)" />
      </svg>
    </div>
  )
}
