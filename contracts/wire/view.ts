import type { View, ViewLayout, ViewWriter } from '../core/index.ts'
import { type Plan, planOf, quantise, restore } from './field.ts'
import { QuantisedTable } from './table.ts'

/** One view at one tick: a table for each of the layout's, in the layout's order. */
export type QuantisedView = readonly QuantisedTable[]

export const ROW_ID_MAX = 0xffff
/** Rows a table may have; what somebody sends cannot make a decoder hold more. */
export const ROWS_MAX = 4_096

/** A view layout made ready for the wire. Throws a RangeError for a layout that cannot travel. */
export class ViewPlan<V extends ViewLayout = ViewLayout> {
  readonly tables: readonly string[]
  readonly plans: readonly Plan[]
  readonly #index = new Map<string, number>()
  readonly #writer: ViewWriter<V> = { row: (table, id, values) => this.#row(table, id, values) }
  /** What the writer writes to. */
  #view: QuantisedView = []

  constructor(layout: V) {
    this.tables = Object.keys(layout)
    this.plans = Object.values(layout).map(planOf)
    for (const [index, name] of this.tables.entries()) this.#index.set(name, index)
  }

  empty(): QuantisedView {
    return this.plans.map(({ names }) => new QuantisedTable(names.length))
  }

  /** Quantises what `write` puts into the writer. A view that is not needed any more may be given, to be used again. */
  collect(write: (out: ViewWriter<V>) => void, view = this.empty()): QuantisedView {
    for (const table of view) table.size = 0
    this.#view = view
    write(this.#writer)
    for (const [index, table] of view.entries()) {
      if (table.size > ROWS_MAX) throw new RangeError(`table ${this.tables[index]} has more than ${ROWS_MAX} rows`)
    }
    return view
  }

  /** The view in real units: `{ avatars: Map { 0 => { x: 1.5, … } } }`. */
  tablesOf(view: QuantisedView): View<V> {
    const tables: Record<string, Map<number, Record<string, number>>> = {}
    for (const [index, plan] of this.plans.entries()) {
      const rows = new Map<number, Record<string, number>>()
      const table = view[index]
      for (let row = 0; table && row < table.size; row++) rows.set(table.ids[row] ?? 0, realRow(plan, table, row))
      tables[this.tables[index] ?? ''] = rows
    }
    // The loop has made a table for each of the layout's, which the compiler cannot follow over its keys.
    return tables as View<V>
  }

  #row(name: string, id: number, given: Readonly<Record<string, number>>): void {
    const index = this.#index.get(name)
    const plan = index === undefined ? undefined : this.plans[index]
    const table = index === undefined ? undefined : this.#view[index]
    if (!plan || !table) throw new RangeError(`the layout has no table ${name}`)
    if (!Number.isInteger(id) || id < 0 || id > ROW_ID_MAX) throw new RangeError(`row ids are 0 to ${ROW_ID_MAX}`)
    const { names, fields, steps } = plan
    const from = table.place(id)
    for (let at = 0; at < names.length; at++) {
      const field = fields[at]
      if (field) table.values[from + at] = quantise(field, steps[at] ?? 0, given[names[at] ?? ''] ?? 0)
    }
  }
}

function realRow(plan: Plan, table: QuantisedTable, row: number): Record<string, number> {
  const values: Record<string, number> = {}
  const from = row * table.width
  for (const [at, field] of plan.fields.entries()) {
    values[plan.names[at] ?? ''] = restore(field, table.values[from + at] ?? 0)
  }
  return values
}

export const EMPTY_TABLE = new QuantisedTable(0)

/** Whether two views are the same to the last step. */
export function sameView(a: QuantisedView, b: QuantisedView): boolean {
  for (let index = 0; index < a.length; index++) {
    if (!(a[index] ?? EMPTY_TABLE).equals(b[index] ?? EMPTY_TABLE)) return false
  }
  return true
}
