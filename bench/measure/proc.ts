import { readdir, readFile } from 'node:fs/promises'

/** Linux counts CPU time in hundredths of a second. */
const US_PER_TICK = 10_000
/** `/proc/<pid>/stat` after the name: state is 0, the parent 1, user and system time 11 and 12, those of children that ended 13 and 14. */
const FIELD = { parent: 1, user: 11, system: 12, childUser: 13, childSystem: 14 } as const

/** A process of this machine, as Linux has it. */
export interface ProcessEntry {
  readonly pid: number
  readonly name: string
  readonly parent: number
  /** User and system time of all its threads so far. */
  readonly ownUs: number
  readonly endedChildrenUs: number
}

/** Every process there is now. Linux only: it is read from `/proc`. */
export async function processes(): Promise<ProcessEntry[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))
  const read = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'latin1').catch(gone)))
  return read.flatMap((stat) => (stat === undefined ? [] : [parse(stat)]))
}

/** A process that ended between being listed and being read. */
function gone(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return undefined
  throw error
}

function parse(stat: string): ProcessEntry {
  const nameEnd = stat.lastIndexOf(')')
  const fields = stat.slice(nameEnd + 2).split(' ')
  const of = (field: number): number => Number(fields[field] ?? 0)
  return {
    pid: Number.parseInt(stat, 10),
    name: stat.slice(stat.indexOf('(') + 1, nameEnd),
    parent: of(FIELD.parent),
    ownUs: (of(FIELD.user) + of(FIELD.system)) * US_PER_TICK,
    endedChildrenUs: (of(FIELD.childUser) + of(FIELD.childSystem)) * US_PER_TICK,
  }
}
