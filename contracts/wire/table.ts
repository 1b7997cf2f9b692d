/**
 * Rows of one table of a view, quantised, in ascending order of their ids. Flat, since a server makes one in each tick of each room: `ids`
 * has a number for each row and `values` one for each field. Behind `size` rows both may hold what an earlier view left there.
 */
export class QuantisedTable {
  /** Fields of a row. */
  readonly width: number
  readonly ids: number[] = []
  readonly values: number[] = []
  size = 0

  constructor(width: number) {
    this.width = width
  }

  /** Where the values of row `id` are to be written: of a new one, or of the one that is there. */
  place(id: number): number {
    // Games write their rows in order; only one that does not pays for it.
    if (this.size > 0 && id <= (this.ids[this.size - 1] ?? 0)) return this.#placeBetween(id)
    this.ids[this.size] = id
    return this.size++ * this.width
  }

  /** Takes the rows of another table of this kind, with these values instead of its own. */
  copy({ ids, size }: QuantisedTable, values: readonly number[]): void {
    this.size = size
    for (let row = 0; row < size; row++) this.ids[row] = ids[row] ?? 0
    for (let at = 0; at < size * this.width; at++) this.values[at] = values[at] ?? 0
  }

  /** Takes rows out, by their places in the table. */
  remove(rows: ReadonlySet<number>): void {
    let kept = 0
    for (let row = 0; row < this.size; row++) {
      if (rows.has(row)) continue
      this.ids[kept] = this.ids[row] ?? 0
      this.values.copyWithin(kept * this.width, row * this.width, (row + 1) * this.width)
      kept++
    }
    this.size = kept
    this.ids.length = kept
    this.values.length = kept * this.width
  }

  equals(other: QuantisedTable): boolean {
    if (this.size !== other.size) return false
    for (let row = 0; row < this.size; row++) if (this.ids[row] !== other.ids[row]) return false
    const count = this.size * this.width
    for (let at = 0; at < count; at++) if (this.values[at] !== other.values[at]) return false
    return true
  }

  #placeBetween(id: number): number {
    const { width } = this
    let row = 0
    while ((this.ids[row] ?? 0) < id) row++
    if (this.ids[row] === id) return row * width
    this.ids.splice(row, 0, id)
    this.values.splice(row * width, 0, ...new Array<number>(width).fill(0))
    this.size++
    return row * width
  }
}
