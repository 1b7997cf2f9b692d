import type { BitReader, BitWriter } from './bits.ts'
import { malformed } from './bytes.ts'
import { FIELDS_MAX, type Plan } from './field.ts'
import { around, foresee, type Reach, shortest } from './motion.ts'
import { QuantisedTable } from './table.ts'
import { EMPTY_TABLE, type QuantisedView, ROW_ID_MAX, ROWS_MAX, type ViewPlan } from './view.ts'

/** What a view is told as a difference from: an earlier view, as it is or carried on by its motion since one before that. */
export interface Before {
  readonly view: QuantisedView
  readonly motion: { readonly view: QuantisedView; readonly reach: Reach } | null
}

/** Writes a view as the difference from what was before it; null: from nothing, which is the whole view. */
export function encodeView(bits: BitWriter, plan: ViewPlan, view: QuantisedView, before: Before | null): void {
  for (let index = 0; index < view.length; index++) {
    const table = plan.plans[index]
    if (table)
      encodeTable(
        bits,
        table,
        view[index] ?? EMPTY_TABLE,
        before?.view[index] ?? EMPTY_TABLE,
        expected(table, before, index),
      )
  }
}

/** The view that was written. Throws INVALID_INPUT for anything malformed. */
export function decodeView(bits: BitReader, plan: ViewPlan, before: Before | null): QuantisedView {
  return plan.plans.map((table, index) =>
    decodeTable(bits, table, before?.view[index] ?? EMPTY_TABLE, expected(table, before, index)),
  )
}

/** The values that rows have unless the frame says otherwise, in the order of the table before. */
function expected({ steps }: Plan, before: Before | null, index: number): readonly number[] {
  const table = before?.view[index] ?? EMPTY_TABLE
  const earlier = before?.motion?.view[index]
  return before?.motion && earlier ? foresee(table, earlier, before.motion.reach, steps) : table.values
}

/** Of each row of the table that is being written: where it lies in the table before, and which fields are not as expected. */
const oldRows: number[] = []
const masks: number[] = []
const NO_ROW = -1
/** Places in the table before of rows that are gone. */
const removed: number[] = []

function encodeTable(
  bits: BitWriter,
  plan: Plan,
  table: QuantisedTable,
  before: QuantisedTable,
  values: readonly number[],
): void {
  const { changed, added } = compare(table, before, values)
  const isSame = changed + added + removed.length === 0
  bits.flag(!isSame)
  if (isSame) return
  bits.golomb(changed, 0)
  if (changed > 0) writeChanged(bits, plan, table, values)
  writeRemoved(bits)
  bits.golomb(added, 0)
  if (added > 0) writeAdded(bits, plan, table)
}

/** Fills `oldRows`, `masks` and `removed`. */
function compare(table: QuantisedTable, before: QuantisedTable, values: readonly number[]) {
  let changed = 0
  let added = 0
  let old = 0
  removed.length = 0
  for (let row = 0; row < table.size; row++) {
    const id = table.ids[row] ?? 0
    for (; old < before.size && (before.ids[old] ?? 0) < id; old++) removed.push(old)
    const isNew = old >= before.size || before.ids[old] !== id
    oldRows[row] = isNew ? NO_ROW : old
    const mask = isNew ? 0 : unexpected(table, row, values, old)
    masks[row] = mask
    if (isNew) added++
    else old++
    if (mask !== 0) changed++
  }
  for (; old < before.size; old++) removed.push(old)
  return { changed, added }
}

/** One bit for each field that is not as expected. */
function unexpected(
  { width, values }: QuantisedTable,
  row: number,
  expectations: readonly number[],
  old: number,
): number {
  let mask = 0
  for (let at = 0; at < width; at++) {
    if (values[row * width + at] !== expectations[old * width + at]) mask |= 1 << at
  }
  return mask
}

function writeChanged(bits: BitWriter, { steps }: Plan, table: QuantisedTable, values: readonly number[]): void {
  const { width } = table
  let next = 0
  let mask = 2 ** width - 1
  surprise.forget()
  for (let row = 0; row < table.size; row++) {
    const needed = masks[row] ?? 0
    if (needed === 0) continue
    const old = oldRows[row] ?? 0
    bits.golomb(old - next, 0)
    next = old + 1
    const isKept = serves(mask, needed, width)
    bits.flag(isKept)
    if (!isKept) {
      bits.bits(needed, width)
      mask = needed
    }
    for (let at = 0, rest = mask; rest !== 0; at++, rest >>>= 1) {
      if ((rest & 1) === 0) continue
      const residual = (table.values[row * width + at] ?? 0) - (values[old * width + at] ?? 0)
      surprise.write(bits, at, shortest(residual, (steps[at] ?? 0) + 1))
    }
  }
}

/** Whether a row can do with the mask of the one before it: a few fields that are as expected cost less than another mask. */
function serves(mask: number, needed: number, width: number): boolean {
  if ((needed & ~mask) !== 0) return false
  let idle = 0
  for (let rest = mask & ~needed; rest !== 0; rest &= rest - 1) idle++
  return idle * 3 <= width
}

function writeRemoved(bits: BitWriter): void {
  bits.golomb(removed.length, 0)
  let next = 0
  for (const row of removed) {
    bits.golomb(row - next, 0)
    next = row + 1
  }
}

function writeAdded(bits: BitWriter, { steps }: Plan, table: QuantisedTable): void {
  const { width } = table
  let next = 0
  for (let row = 0; row < table.size; row++) {
    if (oldRows[row] !== NO_ROW) continue
    const id = table.ids[row] ?? 0
    bits.golomb(id - next, 0)
    next = id + 1
    for (let at = 0; at < width; at++) bits.bits(table.values[row * width + at] ?? 0, lengthOf(steps[at] ?? 0))
  }
}

/** Bits that hold every value of a field. */
function lengthOf(steps: number): number {
  return 32 - Math.clz32(steps)
}

function decodeTable(bits: BitReader, plan: Plan, before: QuantisedTable, values: readonly number[]): QuantisedTable {
  const table = new QuantisedTable(plan.names.length)
  table.copy(before, values)
  if (!bits.flag()) return table
  readChanged(bits, plan, table)
  const gone = new Set<number>()
  eachPlace(bits, table.size, (row) => gone.add(row))
  table.remove(gone)
  // The bound on how many there are is the table's own.
  eachPlace(bits, ROW_ID_MAX + 1, (id) => readAdded(bits, plan, table, id))
  return table
}

function readChanged(bits: BitReader, { steps }: Plan, table: QuantisedTable): void {
  const { width } = table
  let mask = 2 ** width - 1
  surprise.forget()
  eachPlace(bits, table.size, (row) => {
    if (!bits.flag()) mask = bits.bits(width)
    for (let at = 0, rest = mask; rest !== 0; at++, rest >>>= 1) {
      if ((rest & 1) === 0) continue
      const to = row * width + at
      table.values[to] = around((table.values[to] ?? 0) + surprise.read(bits, at), (steps[at] ?? 0) + 1)
    }
  })
}

function readAdded(bits: BitReader, { steps }: Plan, table: QuantisedTable, id: number): void {
  const { size } = table
  if (size >= ROWS_MAX) throw malformed('a table has too many rows')
  const to = table.place(id)
  if (table.size === size) throw malformed('it adds a row that is there')
  for (let at = 0; at < table.width; at++) {
    const value = bits.bits(lengthOf(steps[at] ?? 0))
    if (value > (steps[at] ?? 0)) throw malformed('a value is out of its range')
    table.values[to + at] = value
  }
}

/** Visits as many ascending places as are counted, all below `end`. */
function eachPlace(bits: BitReader, end: number, visit: (place: number) => void): void {
  const count = bits.golomb(0)
  if (count > end) throw malformed('it counts more rows than there are')
  let place = -1
  for (let index = 0; index < count; index++) {
    place += bits.golomb(0) + 1
    if (place >= end) throw malformed('it names a row that is not there')
    visit(place)
  }
}

/**
 * How far a field is from what was expected, as a number of so few bits as such differences took in the rows before of the same table: both
 * ends learn by the same rule.
 */
class Surprise {
  /** Of each field, four times the mean of its differences, newer ones weighing more. */
  readonly #means = new Int32Array(FIELDS_MAX)

  forget(): void {
    this.#means.fill(FIRST_MEAN)
  }

  write(bits: BitWriter, at: number, difference: number): void {
    const unsigned = ((difference << 1) ^ (difference >> 31)) >>> 0
    bits.golomb(unsigned, this.#order(at))
    this.#learn(at, unsigned)
  }

  read(bits: BitReader, at: number): number {
    const unsigned = bits.golomb(this.#order(at))
    this.#learn(at, unsigned)
    return (unsigned >>> 1) ^ -(unsigned & 1)
  }

  #order(at: number): number {
    return 31 - Math.clz32(((this.#means[at] ?? 0) >> 2) | 1)
  }

  #learn(at: number, unsigned: number): void {
    const mean = this.#means[at] ?? 0
    this.#means[at] = mean - (mean >> 2) + Math.min(unsigned, LEARNT_MAX)
  }
}

const FIRST_MEAN = 16
/** One jump shall not cost the rows behind it. */
const LEARNT_MAX = 0xffff

const surprise = new Surprise()
