import type { Game, Layout, ViewLayout } from '@meydan/contracts/core'
import type { Room } from '@meydan/sdk'
import { seatColour } from '../colours.ts'
import type { Roster } from '../roster.ts'
import { columnsOf, valuesOf } from './inputs.ts'

interface BoardProps {
  readonly game: Game
  readonly room: Room<Layout, ViewLayout>
  readonly roster: Roster
  readonly onCell: (cell: number) => void
}

const CELLS_MAX = 1_024

/** A game whose input names a `cell` has a board; the table `cells`, by cell, says what lies there. */
export function Board({ game, room, roster, onCell }: BoardProps) {
  const field = game.inputLayout.cell
  if (!field || field.max - field.min >= CELLS_MAX) return null
  const count = field.max - field.min + 1
  const cells = valuesOf({ ...field, step: 1 }).length < count ? range(field.min, count) : valuesOf(field)
  const columns = columnsOf(count)
  const rows = room.view.cells
  return (
    <div
      data-testid="cells"
      className="grid w-full max-w-md gap-1.5 self-center"
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {cells.map((cell) => {
        const row = rows?.get(cell)
        const owner = row && ownerOf(row)
        const text = owner === undefined ? shown(row) : owner === room.joined.seat ? 'You' : roster.nameOf(owner)
        return (
          <button
            key={cell}
            type="button"
            data-testid={`cell-${cell}`}
            aria-label={`Row ${Math.floor((cell - field.min) / columns) + 1}, column ${((cell - field.min) % columns) + 1}: ${text || 'free'}`}
            onClick={() => onCell(cell)}
            style={owner === undefined ? {} : { background: seatColour(owner), color: '#07211e' }}
            className="aspect-square min-h-11 cursor-pointer truncate rounded-lg border border-edge bg-card p-1 text-sm font-semibold"
          >
            {text}
          </button>
        )
      })}
    </div>
  )
}

function range(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, index) => first + index)
}

/** Fields that name whose a cell is, by seat. */
function ownerOf(row: Readonly<Record<string, number>>): number | undefined {
  return row.seat ?? row.owner
}

function shown(row: Readonly<Record<string, number>> | undefined): string {
  return row ? Object.values(row).join(' ') : ''
}
