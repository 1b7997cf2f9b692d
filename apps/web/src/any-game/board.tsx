import type { Game } from '@meydan/contracts/core'
import { useText } from '../i18n/i18n.ts'
import type { Roster } from '../roster.ts'
import type { AnyRoom } from './any-game.tsx'
import { boardOf, marksOn } from './marks.ts'
import { Sign } from './sign.tsx'

interface BoardProps {
  readonly game: Game
  readonly room: AnyRoom
  readonly roster: Roster
  readonly onCell: (cell: number) => void
}

const CELLS_MAX = 1_024

/** A game whose input names a `cell` has a board; what lies on it is a table of its size, or the table `cells`. */
export function Board({ game, room, roster, onCell }: BoardProps) {
  const t = useText('match')
  const board = boardOf(game)
  if (!board || board.columns * board.rows > CELLS_MAX) return null
  const { first, columns, rows } = board
  const marks = marksOn(game, room.view)
  return (
    <div
      data-testid="cells"
      className="grid w-full max-w-md gap-2 self-center rounded-2xl bg-ground p-2"
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {Array.from({ length: columns * rows }, (_, at) => {
        const row = marks.get(first + at)
        const owner = row && ownerOf(row)
        const whose = owner === room.joined.seat ? t('you') : owner !== undefined ? roster.nameOf(owner) : undefined
        const what = whose ?? shown(row)
        return (
          <button
            key={first + at}
            type="button"
            data-testid={`cell-${first + at}`}
            data-owner={owner}
            aria-label={t('anyCell', {
              row: Math.floor(at / columns) + 1,
              column: (at % columns) + 1,
              what: what || t('anyFree'),
            })}
            onClick={() => onCell(first + at)}
            className="grid aspect-square min-h-11 cursor-pointer place-items-center rounded-lg bg-white/5 p-1 text-sm font-semibold text-white hover:bg-white/15"
          >
            {owner === undefined ? (
              <span className="max-w-full truncate">{what}</span>
            ) : (
              <Sign seat={owner} className="size-3/4" />
            )}
          </button>
        )
      })}
    </div>
  )
}

/** Fields that name whose a cell is, by seat. */
function ownerOf(row: Readonly<Record<string, number>>): number | undefined {
  return row.seat ?? row.owner
}

function shown(row: Readonly<Record<string, number>> | undefined): string {
  return row ? Object.values(row).join(' ') : ''
}
