/** Lines on 24 × 24, all of one width. */
const PATHS = {
  play: 'M12 3a9 9 0 100 18 9 9 0 000-18zM10 8.5v7l5.5-3.5z',
  ranks: 'M4 20v-6h5v6M9.5 20V5h5v15M15 20v-9h5v9M3 20h18',
  watch: 'M2.5 12s3.5-6 9.5-6 9.5 6 9.5 6-3.5 6-9.5 6-9.5-6-9.5-6zM12 9.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6z',
  matches: 'M12 7v5l3.5 2M3.5 12a8.5 8.5 0 102.5-6L3.5 8.5M3.5 4v4.5H8',
  feedback: 'M4 5h16v11H10l-5 4v-4H4zM8 9h8M8 12h5',
  globe: 'M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c5 5 5 13 0 18M12 3c-5 5-5 13 0 18',
  person: 'M12 4a4 4 0 100 8 4 4 0 000-8zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  close: 'M6 6l12 12M18 6L6 18',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  eye: 'M2.5 12c2.5-4.5 6-6.5 9.5-6.5s7 2 9.5 6.5c-2.5 4.5-6 6.5-9.5 6.5s-7-2-9.5-6.5zM12 9a3 3 0 100 6 3 3 0 000-6z',
  eyeClosed:
    'M4 4l16 16M9 6c1-.3 2-.5 3-.5 3.5 0 7 2 9.5 6.5-.8 1.5-1.7 2.6-2.7 3.5M6 7.5C4.7 8.6 3.5 10 2.5 12c2.5 4.5 6 6.5 9.5 6.5 1.7 0 3.3-.4 4.7-1.2',
  device: 'M4 5h16v11H4zM9 20h6M12 16v4',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 5v4M8 15v4',
  key: 'M14 4a5 5 0 11-3 9l-6 6H3v-3l6-6a5 5 0 015-6zM15.5 8.5v.1',
  leave: 'M10 4H5v16h5M14 8l4 4-4 4M8 12h10',
  plus: 'M12 5v14M5 12h14',
  warning: 'M12 4l9 16H3zM12 10v4.5M12 17v.5',
} as const

export type IconName = keyof typeof PATHS

export function Icon({ name, className = 'size-5' }: { name: IconName; className?: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={`shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={PATHS[name]} />
    </svg>
  )
}
