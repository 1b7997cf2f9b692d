import type { DeadLetter } from '@meydan/kernel/events'
import type { Log } from '@meydan/kernel/telemetry'
import { createLanes } from './lanes.ts'
import type { Reader } from './reader.ts'
import { readLetter, type StoredRecord } from './records.ts'

/** What groups have given up on, from the one partition of the topic of dead letters. */
export interface DeadLetters {
  /** The oldest 1,000 of all groups, or of one. */
  list(group?: string): Promise<DeadLetter[]>
}

const LETTERS_MAX = 1_000
const WAIT_MS = 500

export function createDeadLetters(topic: string, reader: Reader, log: Log): DeadLetters {
  // A reader answers one question at a time.
  const turns = createLanes()
  let all = createView(log, () => true)

  const readOn = (view: View) =>
    turns.run(topic, async () => {
      const [bounds = { first: 0n, end: 0n }] = (await reader.bounds()).get(topic) ?? []
      if (view.next < bounds.first) view.next = bounds.first
      while (view.next < bounds.end) {
        for (const [leader, places] of await reader.leaders([{ topic, partition: 0, offset: view.next }])) {
          for (const { records, next } of await reader.fetch(leader, places, WAIT_MS)) {
            records.forEach(view.note)
            view.next = next
          }
        }
      }
      return [...view.letters.values()]
    })
  return {
    async list(group) {
      if (group !== undefined) return readOn(createView(log, (letter) => letter.group === group))
      // It is asked for every other second: what was read before is not read again, unless there is room for what had none.
      if (all.crowded && all.letters.size < LETTERS_MAX) all = createView(log, () => true)
      return readOn(all)
    },
  }
}

type View = ReturnType<typeof createView>

/** Letters by their key as far as the topic has been read; one that was put back in line is gone. */
function createView(log: Log, keeps: (letter: DeadLetter) => boolean) {
  const letters = new Map<string, DeadLetter>()
  const view = {
    next: 0n,
    letters,
    /** There were more than could be kept. */
    crowded: false,
    note(record: StoredRecord): void {
      if (record.value === null) {
        letters.delete(record.key)
        return
      }
      try {
        const letter = readLetter(record)
        if (!keeps(letter)) return
        if (letters.has(record.key) || letters.size < LETTERS_MAX) letters.set(record.key, letter)
        else view.crowded = true
      } catch (error) {
        log.error({ err: error, offset: String(record.offset) }, 'a record among the dead letters is none')
      }
    },
  }
  return view
}
