import { setTimeout as delay } from 'node:timers/promises'
import type { SparingLog } from '@meydan/kernel/telemetry'
import { answered } from './connection.ts'
import type { Handling } from './handling.ts'
import type { FeedNames } from './names.ts'
import { createProgress, type Progress } from './progress.ts'
import type { Bounds, Chunk, Place, Reader } from './reader.ts'
import { readEnvelope, readRetry, type StoredRecord } from './records.ts'
import { within } from './within.ts'

export interface TenureParts {
  readonly names: FeedNames
  readonly partitions: readonly number[]
  readonly reader: Reader
  readonly said: SparingLog
  /** Makes the handling of these partitions; its signal says that the tenure ends. */
  handling(signal: AbortSignal): Handling
  /** What the group has committed, by topic and partition; below zero where nothing. */
  committed(): Promise<ReadonlyMap<string, readonly bigint[]>>
  commit(places: readonly Place[]): Promise<void>
  /** It cannot go on from where it is; another tenure can. */
  fail(error: unknown): void
}

/** What a member of a group does between two rebalances: the partitions it was given. */
export interface Tenure {
  /** Begins nothing more, waits for what runs for `withinMs` at most, and commits what is done. */
  end(withinMs: number): Promise<void>
}

/** One partition of the events, and the one of the retries with the same number. */
interface Share {
  readonly partition: number
  readonly events: Progress
  readonly retries: Progress
  /** The retries that were there at the beginning end here. Before they are known no event may be handled. */
  readonly retriesEnd: bigint
}

/** Of a partition, being handled or waiting for one before them. */
const EVENTS_MAX = 256
/** With more than these in retry it is no longer an event that fails but its listener, and the partition waits. */
const RETRIES_MAX = 1_000
const COMMIT_EVERY_MS = 100
const COMMIT_MS_MAX = 2_000
const AGAIN_MS = 500
/** How long a broker with nothing new holds the question, and how long while a partition waits for room. */
const WAIT_MS = 500
const WAIT_FULL_MS = 20

export function createTenure(parts: TenureParts): Tenure {
  const { names, reader, said } = parts
  const ending = new AbortController()
  const { signal } = ending
  const handling = parts.handling(signal)
  const running = new Set<Promise<void>>()
  const asking = new Map<number, Promise<void>>()
  const committed = new Map<Progress, bigint>()
  let shares: readonly Share[] = []
  let moved = Promise.withResolvers<void>()
  let committing: Promise<void> | undefined

  const meet = async (error: unknown, what: string) => {
    if (signal.aborted) return
    said.warn(what, { err: error, group: names.group, event: names.event }, `${what} failed; trying again`)
    await delay(AGAIN_MS, undefined, { signal }).catch(() => undefined)
  }

  const begin = (again: boolean, record: StoredRecord): Promise<boolean> =>
    again ? handling.hearAgain(readRetry(record)) : handling.hear(readEnvelope(record))
  const handle = async (again: boolean, record: StoredRecord, finish: () => void): Promise<void> => {
    try {
      if (await begin(again, record)) finish()
    } catch (error) {
      said.error('record', { err: error, ...names, offset: String(record.offset) }, 'a record is no event; passed over')
      finish()
    }
    moved.resolve()
  }
  const take = ({ topic, partition, records, next }: Chunk) => {
    const share = shares.find((it) => it.partition === partition)
    if (!share || signal.aborted) return
    const again = topic === names.retries
    const progress = again ? share.retries : share.events
    for (const record of records) {
      const work = handle(again, record, progress.take(record.offset)).finally(() => running.delete(work))
      running.add(work)
    }
    progress.advance(next)
  }

  const open = async (): Promise<readonly Share[]> => {
    const [bounds, marks] = await Promise.all([reader.bounds(), parts.committed()])
    const progress = (topic: string, partition: number) =>
      createProgress(startOf(bounds.get(topic)?.[partition], marks.get(topic)?.[partition]))
    return parts.partitions.map((partition) => ({
      partition,
      events: progress(names.events, partition),
      retries: progress(names.retries, partition),
      retriesEnd: bounds.get(names.retries)?.[partition]?.end ?? 0n,
    }))
  }
  const ask = async (leader: number, places: readonly Place[]): Promise<void> => {
    try {
      const chunks = await reader.fetch(leader, places, shares.some(isFull) ? WAIT_FULL_MS : WAIT_MS)
      chunks.forEach(take)
    } catch (error) {
      if (answered(error, 'OFFSET_OUT_OF_RANGE')) parts.fail(error)
      await meet(error, 'reading')
    } finally {
      asking.delete(leader)
      moved.resolve()
    }
  }
  const readOn = async (): Promise<void> => {
    moved = Promise.withResolvers()
    for (const [leader, places] of await reader.leaders(shares.flatMap((share) => wanted(names, share)))) {
      if (!asking.has(leader)) asking.set(leader, ask(leader, places))
    }
    await moved.promise
  }
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        if (shares.length === 0) shares = await open()
        await readOn()
      } catch (error) {
        await meet(error, 'reading')
      }
    }
  }

  const commit = async (): Promise<void> => {
    const places = shares.flatMap(({ partition, events, retries }) => [
      ...changed(committed, events, { topic: names.events, partition }),
      ...changed(committed, retries, { topic: names.retries, partition }),
    ])
    if (places.length === 0) return
    try {
      await parts.commit(places.map(({ place }) => place))
      for (const { progress, place } of places) committed.set(progress, place.offset)
    } catch (error) {
      if (!signal.aborted)
        said.warn('commit', { err: error, ...names }, 'what is done could not be noted; trying again')
    }
  }
  const commitSoon = () => {
    committing ??= commit().finally(() => {
      committing = undefined
    })
  }
  const committer = setInterval(commitSoon, COMMIT_EVERY_MS)
  if (parts.partitions.length > 0) void run()

  return {
    async end(withinMs) {
      ending.abort()
      moved.resolve()
      clearInterval(committer)
      await within(withinMs, Promise.all(running))
      await within(COMMIT_MS_MAX, (committing ?? Promise.resolve()).then(commit))
      await reader.close()
    },
  }
}

/** What to read of a share next; nothing of what has more than it can handle. */
function wanted(names: FeedNames, share: Share): Place[] {
  const { partition, events, retries, retriesEnd } = share
  if (retries.outstanding >= RETRIES_MAX) return []
  const again = { topic: names.retries, partition, offset: retries.position }
  if (isFull(share) || retries.position < retriesEnd) return [again]
  return [again, { topic: names.events, partition, offset: events.position }]
}

function isFull({ events, retries }: Share): boolean {
  return events.outstanding >= EVENTS_MAX || retries.outstanding >= RETRIES_MAX
}

/** Where the group was, within what the partition still holds; where it has never been, at the beginning. */
function startOf(bounds: Bounds = { first: 0n, end: 0n }, committed = -1n): bigint {
  if (committed < bounds.first) return bounds.first
  return committed > bounds.end ? bounds.end : committed
}

function changed(committed: ReadonlyMap<Progress, bigint>, progress: Progress, at: Omit<Place, 'offset'>) {
  const offset = progress.committable
  return committed.get(progress) === offset ? [] : [{ progress, place: { ...at, offset } }]
}
