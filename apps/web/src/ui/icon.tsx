/** Lines on 24 × 24, all of one width. */
const PATHS = {
  play: 'M12 3a9 9 0 100 18 9 9 0 000-18zM10 8.5v7l5.5-3.5z',
  crash: 'M3.5 20h17M4 17c7 0 11-4 14-12M13.5 5.5L18.2 4.6l1.2 4.6',
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
  inbox: 'M3.5 13.5L6 5h12l2.5 8.5V19h-17zM3.5 13.5H8l1.5 2.5h5l1.5-2.5h4.5',
  wallet: 'M4 7.5h15.5V19H4zM4 7.5V6l12-2v3.5M16 13.2v.1',
  gift: 'M4 11h16v9H4zM3 7.5h18V11H3zM12 7.5V20M12 7.5C9.5 7.5 7.5 6.8 7.5 5S10.5 3 12 7.5c1.5-4.5 4.5-4.3 4.5-2.5s-2 2.5-4.5 2.5',
  arrowIn: 'M12 4v14M6 12.5l6 6 6-6',
  arrowOut: 'M12 20V6M6 11.5l6-6 6 6',
  clock: 'M12 3.5a8.5 8.5 0 100 17 8.5 8.5 0 000-17zM12 7.5V12l3 2',
  bolt: 'M13 3L5 13.5h5.5L10 21l8.5-10.5H13z',
  chest: 'M4 11V8.5A3.5 3.5 0 017.5 5h9A3.5 3.5 0 0120 8.5V11M3.5 11h17v8.5h-17zM12 10v4',
  star: 'M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17.1 6.7 20l1.1-6L3.4 9.8l6-.8z',
  flame: 'M12 3c1 4 5 5.5 5 10.5a5 5 0 01-10 0c0-2 1-3.5 2-4.5.2 1.5.8 2.3 1.8 2.8C10.5 8.5 11 5.5 12 3z',
  megaphone: 'M4 10v4h3l8 4.5v-13L7 10zM18 9.5c1.3 1.2 1.3 3.8 0 5M7.5 14l1 5.5h2.5',
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
