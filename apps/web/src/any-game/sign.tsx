import { seatColour } from '../colours.ts'

/** By seat: a cross, a ring, a triangle, a square, a diamond. Told apart by shape before colour. */
const SHAPES = [
  'M7 7l10 10M17 7L7 17',
  'M12 6.5a5.5 5.5 0 100 11 5.5 5.5 0 000-11z',
  'M12 6.5l6 10.5H6z',
  'M7 7h10v10H7z',
  'M12 5.5l6.5 6.5-6.5 6.5L5.5 12z',
] as const

/** What stands for a seat where there is no room for a name. */
export function Sign({ seat, className }: { seat: number; className: string }) {
  return (
    <svg
      viewBox="0 0 24 24"
      aria-hidden="true"
      className={className}
      fill="none"
      stroke={seatColour(seat)}
      strokeWidth="3.2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={SHAPES[seat % SHAPES.length]} />
    </svg>
  )
}
