import { FENCING } from '@meydan/realtime/rooms'
import { z } from 'zod'

/** A token in the hands of one life of a process. Times are in ms since 1970, of the one clock of this machine. */
export interface Tenure {
  readonly roomId: string
  readonly token: bigint
  readonly owner: string
  readonly takenMs: number
  /** The last tick played with it, or the end of a process that could not say; undefined while it lasts. */
  readonly untilMs: number | undefined
}

export interface ToldBy {
  readonly owner: string
  /** What it has printed: a line of JSON each. */
  readonly output: string
  readonly endedAtMs: number | undefined
}

const Taken = z.object({ msg: z.literal(FENCING.taken), roomId: z.string(), fence: z.string(), atMs: z.number() })
const LetGo = z.object({
  msg: z.literal(FENCING.letGo),
  roomId: z.string(),
  fence: z.string(),
  lastTickMs: z.number().nullable(),
})
const Line = z.union([Taken, LetGo])

/** Wall clocks tell whole milliseconds. */
const ROUNDED_MS = 2

/** Who had which room when, by what the processes have logged. */
export function tenuresOf(told: readonly ToldBy[]): Tenure[] {
  return told.flatMap(({ owner, output, endedAtMs }) => {
    // The last is not a whole line yet.
    const lines = output.split('\n').slice(0, -1).flatMap(lineOf)
    return lines.flatMap((line, index) => {
      if (line.msg !== FENCING.taken) return []
      const { roomId, fence, atMs: takenMs } = line
      const end = lines
        .slice(index)
        .find((it) => it.msg === FENCING.letGo && it.roomId === roomId && it.fence === fence)
      const untilMs = end?.msg === FENCING.letGo ? (end.lastTickMs ?? takenMs) : endedAtMs
      return [{ roomId, token: BigInt(fence), owner, takenMs, untilMs }]
    })
  })
}

function lineOf(text: string): z.infer<typeof Line>[] {
  if (!text.includes(FENCING.taken) && !text.includes(FENCING.letGo)) return []
  const parsed = Line.safeParse(JSON.parse(text))
  return parsed.success ? [parsed.data] : []
}

/** What of it must never be: a token that does not grow, or two owners at a time. */
export function fencingFaults(tenures: readonly Tenure[]): string[] {
  return [...Map.groupBy(tenures, ({ roomId }) => roomId).values()].flatMap((ofRoom) => {
    const inTurn = ofRoom.toSorted((a, b) => a.takenMs - b.takenMs)
    return inTurn.slice(1).flatMap((next, index) => {
      const before = inTurn[index]
      return before ? handover(before, next) : []
    })
  })
}

function handover(before: Tenure, next: Tenure): string[] {
  const { roomId } = next
  const faults: string[] = []
  if (next.token <= before.token) {
    faults.push(`room ${roomId}: ${next.owner} has token ${next.token} after ${before.owner} had ${before.token}`)
  }
  const overlapMs = (before.untilMs ?? Number.POSITIVE_INFINITY) - next.takenMs
  if (overlapMs > ROUNDED_MS) {
    faults.push(`room ${roomId}: ${before.owner} played on for ${overlapMs.toFixed(0)} ms after ${next.owner} took it`)
  }
  return faults
}
