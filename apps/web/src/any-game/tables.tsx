import type { Game } from '@meydan/contracts/core'
import type { Roster } from '../roster.ts'
import type { AnyRoom } from './any-game.tsx'
import { tablesOnBoard } from './marks.ts'

interface TablesProps {
  readonly game: Game
  readonly room: AnyRoom
  readonly roster: Roster
}

/** Fields that name a seat. */
const SEAT_FIELDS: ReadonlySet<string> = new Set(['seat', 'owner', 'next'])

/** Every other table of the view, as a table. */
export function Tables({ game, room, roster }: TablesProps) {
  const onBoard = tablesOnBoard(game)
  const tables = Object.entries(game.viewLayout).filter(
    ([name, layout]) => !('x' in layout && 'y' in layout) && !onBoard.has(name),
  )
  return tables.map(([name, layout]) => (
    <div key={name} className="overflow-x-auto rounded-2xl border border-line bg-card">
      <table className="w-full text-left text-sm">
        <caption className="px-3 pt-3 text-left font-semibold">{name}</caption>
        <thead className="text-soft">
          <tr>
            {[...(hasMany(name) ? ['id'] : []), ...Object.keys(layout)].map((field) => (
              <th key={field} scope="col" className="px-3 py-2 font-semibold">
                {field}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...(room.view[name] ?? [])].map(([id, row]) => (
            <tr key={id} className="border-t border-line tabular-nums">
              {hasMany(name) && (
                <td className="px-3 py-1.5">{id < room.joined.seats.length ? `${id} ${roster.nameOf(id)}` : id}</td>
              )}
              {Object.keys(layout).map((field) => (
                <td key={field} className="px-3 py-1.5">
                  {SEAT_FIELDS.has(field) ? roster.nameOf(row[field] ?? 0) : row[field]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  ))

  /** The id of a table's only row tells nothing. */
  function hasMany(name: string): boolean {
    const ids = [...(room.view[name]?.keys() ?? [])]
    return ids.length > 1 || ids.some((id) => id !== 0)
  }
}
