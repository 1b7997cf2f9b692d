import { cpus } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'

const LOOK_MS = 1_000
/** With more than this of its cores in use by others, a machine gives no verdict on how long something takes. */
const BUSY_SHARE_MAX = 0.15

/** Whether the machine has its cores free before something is measured by the clock on the wall. */
export async function isQuiet(): Promise<boolean> {
  const before = used()
  await delay(LOOK_MS)
  const after = used()
  return (after.busyMs - before.busyMs) / (after.allMs - before.allMs) <= BUSY_SHARE_MAX
}

function used(): { busyMs: number; allMs: number } {
  const times = cpus().map(({ times: of }) => of)
  const allMs = times.reduce((sum, of) => sum + of.user + of.nice + of.sys + of.irq + of.idle, 0)
  return { busyMs: allMs - times.reduce((sum, of) => sum + of.idle, 0), allMs }
}
