import { FIELD_HEIGHT, FIELD_WIDTH, OBSTACLES } from '@meydan/games/arena'
import { SEAT_COLOURS } from '../colours.ts'

const PLAYERS = [
  { x: 470, y: 300, aim: 20 },
  { x: 1110, y: 420, aim: 200 },
  { x: 800, y: 800, aim: 275 },
] as const
const SHOTS = [
  { x: 564, y: 334, seat: 0 },
  { x: 686, y: 379, seat: 0 },
  { x: 814, y: 640, seat: 2 },
] as const

/** The field as it is played on, standing still: what the page is about, before anything heavy is loaded. */
export function Scene() {
  return (
    <svg viewBox={`0 0 ${FIELD_WIDTH} ${FIELD_HEIGHT}`} aria-hidden="true" className="w-full rounded-2xl bg-ground">
      {OBSTACLES.map(({ x, y, width, height }) => (
        <rect key={`${x}-${y}`} x={x} y={y} width={width} height={height} rx="8" className="fill-wall" />
      ))}
      {SHOTS.map(({ x, y, seat }) => (
        <circle key={`${x}-${y}`} cx={x} cy={y} r="8" fill={SEAT_COLOURS[seat]} />
      ))}
      {PLAYERS.map(({ x, y, aim }, seat) => (
        <g key={SEAT_COLOURS[seat]} transform={`translate(${x} ${y}) rotate(${aim}) scale(1.6)`}>
          <rect x="8" y="-6" width="24" height="12" rx="5" fill={SEAT_COLOURS[seat]} />
          <circle r="18" fill={SEAT_COLOURS[seat]} />
          {seat === 0 && <circle r="23" fill="none" stroke="white" strokeWidth="3" />}
        </g>
      ))}
    </svg>
  )
}
