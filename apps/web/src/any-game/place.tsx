import type { Game } from '@meydan/contracts/core'
import type { MouseEvent } from 'react'
import { seatColour } from '../colours.ts'
import { useText } from '../i18n/i18n.ts'
import type { Roster } from '../roster.ts'
import type { AnyRoom } from './any-game.tsx'
import { tablesOnBoard } from './marks.ts'

interface PlaceProps {
  readonly game: Game
  readonly room: AnyRoom
  readonly roster: Roster
  readonly onPlace: (at: { x: number; y: number }) => void
}

/** Tables whose rows have a place that is not on the board: each row is a circle with its id, and a seat's name where ids are seats. */
export function Place({ game, room, roster, onPlace }: PlaceProps) {
  const t = useText('match')
  const onBoard = tablesOnBoard(game)
  const placed = Object.entries(game.viewLayout).filter(
    ([name, layout]) => 'x' in layout && 'y' in layout && !onBoard.has(name),
  )
  const [, first] = placed[0] ?? []
  if (!first?.x || !first.y) return null
  const [left, top] = [first.x.min, first.y.min]
  const [width, height] = [first.x.max - left, first.y.max - top]
  const unit = Math.max(width, height) / 100
  const click = (event: MouseEvent<SVGSVGElement>): void => {
    if (!('x' in game.inputLayout && 'y' in game.inputLayout)) return
    const box = event.currentTarget.getBoundingClientRect()
    onPlace({
      x: left + ((event.clientX - box.left) / box.width) * width,
      y: top + ((event.clientY - box.top) / box.height) * height,
    })
  }
  return (
    <svg
      role="img"
      aria-label={t('anyField')}
      viewBox={`${left} ${top} ${width} ${height}`}
      onPointerDown={click}
      className="max-h-[60dvh] w-full touch-none rounded-2xl bg-ground"
    >
      {placed.flatMap(([table, layout], order) =>
        [...(room.view[table] ?? [])].map(([id, row]) => (
          <g key={`${table}-${id}`} transform={`translate(${row.x ?? 0} ${row.y ?? 0})`}>
            <circle
              r={unit * 2.2}
              fill={seatColour(id + order)}
              stroke="white"
              strokeWidth={isOwn(id) ? unit / 2 : 0}
            />
            <text y={-unit * 3.2} textAnchor="middle" fontSize={unit * 2.4} fill="#e7ece9">
              {order === 0 && id < game.seats.max ? roster.nameOf(id) : `${table} ${id}`}
              {Object.keys(layout)
                .filter((name) => name !== 'x' && name !== 'y')
                .map((name) => ` · ${name} ${row[name]}`)
                .join('')}
            </text>
          </g>
        )),
      )}
    </svg>
  )

  function isOwn(id: number): boolean {
    return id === room.joined.seat
  }
}
