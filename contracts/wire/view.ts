import type { View, ViewLayout, ViewWriter } from '../core/index.ts'
import { type ByteReader, type ByteWriter, malformed } from './bytes.ts'
import { type Plan, planOf, quantise, restore } from './field.ts'

/** Rows of one table, quantised, by id. A row that is in a view is never changed. */
export type QuantisedTable = Map<number, Int32Array>

/** One view at one tick: a table for each of the layout's, in the layout's order. */
export type QuantisedView = readonly QuantisedTable[]

const ROW_ID_MAX = 0xffff
/** Rows a table may have; what somebody sends cannot make a decoder hold more. */
const ROWS_MAX = 4_096

/** A view layout made ready for the wire. Throws a RangeError for a layout that cannot travel. */
export class ViewPlan<V extends ViewLayout = ViewLayout> {
  readonly tables: readonly string[]
  readonly plans: readonly Plan[]
  readonly #index = new Map<string, number>()

  constructor(layout: V) {
    this.tables = Object.keys(layout)
    this.plans = Object.values(layout).map(planOf)
    for (const [index, name] of this.tables.entries()) this.#index.set(name, index)
  }

  /** Quantises what `write` puts into the writer. */
  collect(write: (out: ViewWriter<V>) => void): QuantisedView {
    const view: QuantisedTable[] = this.plans.map(() => new Map())
    write({
      row: (table, id, values) => {
        const index = this.#index.get(table)
        const plan = index === undefined ? undefined : this.plans[index]
        if (index === undefined || !plan) throw new RangeError(`the layout has no table ${table}`)
        if (!Number.isInteger(id) || id < 0 || id > ROW_ID_MAX) throw new RangeError(`row ids are 0 to ${ROW_ID_MAX}`)
        view[index]?.set(id, quantiseRow(plan, values))
      },
    })
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
      for (const [id, row] of view[index] ?? []) rows.set(id, realRow(plan, row))
      tables[this.tables[index] ?? ''] = rows
    }
    // The loop has made a table for each of the layout's, which the compiler cannot follow over its keys.
    return tables as View<V>
  }
}

function quantiseRow(plan: Plan, values: Readonly<Record<string, number>>): Int32Array {
  const row = new Int32Array(plan.names.length)
  for (let at = 0; at < row.length; at++) {
    const field = plan.fields[at]
    if (field) row[at] = quantise(field, plan.steps[at] ?? 0, values[plan.names[at] ?? ''] ?? 0)
  }
  return row
}

function realRow(plan: Plan, row: Int32Array): Record<string, number> {
  const values: Record<string, number> = {}
  for (const [at, field] of plan.fields.entries()) values[plan.names[at] ?? ''] = restore(field, row[at] ?? 0)
  return values
}

const EMPTY_TABLE: QuantisedTable = new Map()

/** Writes the difference from `baseline` (null: from nothing, which is the whole view). */
export function encodeView(writer: ByteWriter, view: QuantisedView, baseline: QuantisedView | null): void {
  for (const [index, table] of view.entries()) encodeTable(writer, table, baseline?.[index] ?? EMPTY_TABLE)
}

/** Whether two views are the same to the last step. */
export function sameView(a: QuantisedView, b: QuantisedView): boolean {
  return a.every((table, index) => {
    const other = b[index]
    if (!other || other.size !== table.size) return false
    for (const [id, row] of table) {
      const twin = other.get(id)
      if (!twin || changedFields(row, twin) !== 0) return false
    }
    return true
  })
}

function encodeTable(writer: ByteWriter, table: QuantisedTable, baseline: QuantisedTable): void {
  const removed = ascending([...baseline.keys()].filter((id) => !table.has(id)))
  writer.varint(removed.length)
  writeIds(writer, removed)
  const changed = ascending([...table.keys()].filter((id) => isChanged(table.get(id), baseline.get(id))))
  writer.varint(changed.length)
  let previous = -1
  for (const id of changed) {
    writer.varint(id - previous - 1)
    previous = id
    const row = table.get(id)
    if (row) encodeRow(writer, row, baseline.get(id))
  }
}

function encodeRow(writer: ByteWriter, row: Int32Array, baseline: Int32Array | undefined): void {
  let mask = changedFields(row, baseline)
  writer.varint(mask)
  for (let at = 0; mask !== 0; at++, mask >>>= 1) {
    if ((mask & 1) === 1) writer.zigzag((row[at] ?? 0) - (baseline?.[at] ?? 0))
  }
}

function isChanged(row: Int32Array | undefined, baseline: Int32Array | undefined): boolean {
  return row !== undefined && (baseline === undefined || changedFields(row, baseline) !== 0)
}

/** One bit for each field that differs; a row without a baseline differs from zeros. */
function changedFields(row: Int32Array, baseline: Int32Array | undefined): number {
  let mask = 0
  for (let at = 0; at < row.length; at++) {
    if (row[at] !== (baseline?.[at] ?? 0)) mask |= 1 << at
  }
  return mask
}

function ascending(ids: number[]): number[] {
  return ids.sort((a, b) => a - b)
}

function writeIds(writer: ByteWriter, ids: readonly number[]): void {
  let previous = -1
  for (const id of ids) {
    writer.varint(id - previous - 1)
    previous = id
  }
}

/** The view after the difference that `reader` stands at is applied to `baseline`. Throws INVALID_INPUT for anything malformed. */
export function decodeView(reader: ByteReader, plan: ViewPlan, baseline: QuantisedView | null): QuantisedView {
  return plan.plans.map((table, index) => decodeTable(reader, table, baseline?.[index] ?? EMPTY_TABLE))
}

function decodeTable(reader: ByteReader, plan: Plan, baseline: QuantisedTable): QuantisedTable {
  const table: QuantisedTable = new Map(baseline)
  eachId(reader, (id) => {
    if (!table.delete(id)) throw malformed('it removes a row that is not there')
  })
  eachId(reader, (id) => {
    table.set(id, decodeRow(reader, plan, baseline.get(id)))
  })
  if (table.size > ROWS_MAX) throw malformed('a table has too many rows')
  return table
}

function eachId(reader: ByteReader, visit: (id: number) => void): void {
  const count = reader.varint()
  // Each id takes a byte at least, so a count that no frame can hold is refused before the loop.
  if (count > reader.left) throw malformed('it counts more rows than it has')
  let id = -1
  for (let index = 0; index < count; index++) {
    id += reader.varint() + 1
    if (id > ROW_ID_MAX) throw malformed('a row id is too large')
    visit(id)
  }
}

function decodeRow(reader: ByteReader, plan: Plan, baseline: Int32Array | undefined): Int32Array {
  const row = baseline ? baseline.slice() : new Int32Array(plan.names.length)
  let mask = reader.varint()
  if (mask >>> row.length !== 0) throw malformed('it changes a field that is not there')
  for (let at = 0; mask !== 0; at++, mask >>>= 1) {
    if ((mask & 1) === 0) continue
    const value = (row[at] ?? 0) + reader.zigzag()
    if (value < 0 || value > (plan.steps[at] ?? 0)) throw malformed('a value is out of its range')
    row[at] = value
  }
  return row
}
