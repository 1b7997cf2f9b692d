import type { Game, Layout, ViewLayout } from '@meydan/contracts/core'
import type { Room } from '@meydan/sdk'
import type { Roster } from '../roster.ts'

interface TablesProps {
  readonly game: Game
  readonly room: Room<Layout, ViewLayout>
  readonly roster: Roster
}

/** Every other table of the view, as a table. */
export function Tables({ game, room, roster }: TablesProps) {
  const isBoard = 'cell' in game.inputLayout
  const tables = Object.entries(game.viewLayout).filter(
    ([name, layout]) => !('x' in layout && 'y' in layout) && !(isBoard && name === 'cells'),
  )
  return tables.map(([name, layout]) => (
    <div key={name} className="overflow-x-auto rounded-2xl border border-line bg-card">
      <table className="w-full text-left text-sm">
        <caption className="px-3 pt-3 text-left font-semibold">{name}</caption>
        <thead className="text-soft">
          <tr>
            {['id', ...Object.keys(layout)].map((field) => (
              <th key={field} scope="col" className="px-3 py-2 font-semibold">
                {field}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...(room.view[name] ?? [])].map(([id, row]) => (
            <tr key={id} className="border-t border-line tabular-nums">
              <td className="px-3 py-1.5">{id < room.joined.seats.length ? `${id} ${roster.nameOf(id)}` : id}</td>
              {Object.keys(layout).map((field) => (
                <td key={field} className="px-3 py-1.5">
                  {row[field]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  ))
}
