import type { DeadLetter, Envelope } from '@meydan/kernel/events'
import { z } from 'zod'

/** A record as Kafka keeps it. */
export interface StoredRecord {
  readonly offset: bigint
  readonly key: string
  readonly value: Buffer | null
  readonly headers: ReadonlyMap<string, string>
}

/** An event in a retry topic: tried before, or waiting behind one that was. */
export interface Retry {
  readonly envelope: Envelope
  /** Tries so far. */
  readonly attempts: number
  /** Milliseconds since 1970. */
  readonly dueMs: number
}

const ATTEMPTS = 'meydan-attempts'
const DUE_MS = 'meydan-due-ms'

const isEnvelope = z.custom<Envelope>(
  (data) => typeof data === 'object' && data !== null && 'id' in data && 'name' in data && 'key' in data,
)
const Letter = z.object({
  id: z.string(),
  group: z.string(),
  envelope: isEnvelope,
  error: z.string(),
  attempts: z.number(),
  at: z.string(),
})

export function eventRecord(topic: string, envelope: Envelope) {
  return { topic, key: envelope.key, value: JSON.stringify(envelope) }
}

export function retryRecord(topic: string, { envelope, attempts, dueMs }: Retry) {
  return { ...eventRecord(topic, envelope), headers: { [ATTEMPTS]: String(attempts), [DUE_MS]: String(dueMs) } }
}

/** The key is what compaction goes by: of an event that a group gave up on twice one letter stays. */
export function letterRecord(topic: string, letter: DeadLetter) {
  return { topic, key: letterKey(letter), value: JSON.stringify(letter) }
}

/** Says that the letter has been put back in line; compaction then forgets it. */
export function tombstone(topic: string, letter: DeadLetter) {
  return { topic, key: letterKey(letter) }
}

function letterKey({ group, id }: DeadLetter): string {
  return `${group}/${id}`
}

/** Throws for what is no event of ours. */
export function readEnvelope({ value }: StoredRecord): Envelope {
  return isEnvelope.parse(JSON.parse(String(value)))
}

/** Throws for what is no event of ours. */
export function readRetry(record: StoredRecord): Retry {
  const number = (name: string) => Number(record.headers.get(name) ?? 0)
  return { envelope: readEnvelope(record), attempts: number(ATTEMPTS), dueMs: number(DUE_MS) }
}

export function readLetter({ value }: StoredRecord): DeadLetter {
  return Letter.parse(JSON.parse(String(value)))
}
