import type { Gauges } from './gauges.ts'
import type { Sample, SoakReport } from './soak.ts'

/** Caches fill and the heap finds its size in the first third; from there on memory must stay where it is. */
const GROWTH_MAX = 0.15
/** Below this, growth in per cent says nothing. */
const GROWTH_MB_MIN = 40
const GROWTH_KEYS_MIN = 500
/** Timers of connections that the platform keeps to its database come and go. */
const TIMERS_MORE_MAX = 20

/** What is wrong with a run, one sentence each; none: it was well. */
export function faultsOf({ before, samples, after }: SoakReport): string[] {
  const faults: string[] = []
  const held = { rooms: after.rooms, seats: after.seated, sockets: after.sockets, sessions: after.sessions }
  for (const [what, count] of Object.entries(held)) if (count > 0) faults.push(`${count} ${what} were left over`)
  if (after.queued > 0) faults.push(`${after.queued} people were left in the queue`)
  const timers = after.timers - before.timers
  if (timers > TIMERS_MORE_MAX) faults.push(`${timers} timers were left running`)
  const rss = grown(samples, ({ rssMb }) => rssMb)
  if (rss.by > GROWTH_MB_MIN) faults.push(`memory grew, MB: ${rss.text}`)
  const keys = grown(samples, (gauges) => gauges.keys)
  if (keys.by > GROWTH_KEYS_MIN) faults.push(`the cache grew, keys: ${keys.text}`)
  return faults
}

/** By how much the mean of the last third is above what the middle third allows. */
function grown(samples: readonly Sample[], of: (gauges: Gauges) => number): { by: number; text: string } {
  const mean = (from: number, to: number): number => {
    const part = samples.slice(Math.floor(samples.length * from), Math.ceil(samples.length * to))
    return part.reduce((sum, { gauges }) => sum + of(gauges), 0) / Math.max(1, part.length)
  }
  const [middle, end] = [mean(1 / 3, 2 / 3), mean(2 / 3, 1)]
  const by = end - middle > middle * GROWTH_MAX ? end - middle : 0
  return { by, text: `from ${middle.toFixed(0)} in the middle third to ${end.toFixed(0)} in the last` }
}
