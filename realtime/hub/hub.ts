import { randomBytes } from 'node:crypto'
import { core } from '@meydan/contracts/core'
import { TOPICS_PER_SESSION_MAX } from '@meydan/contracts/socket'
import type { TopicEvent, Topics } from '@meydan/kernel/storage'
import type { Log, Metrics } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import { Arrival } from './arrival.ts'
import { SharedFrame } from './frame.ts'
import { RING_MS_MAX } from './ring.ts'
import { type Owner, Session } from './session.ts'

export interface HubOptions {
  readonly topics: Topics
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Told of each event of a topic after it has been given to those who watch it. Must not throw. */
  readonly onEvent?: (event: TopicEvent, audience: ReadonlySet<Session>) => void
}

/** By topic, the number of its last event. */
export type Positions = Readonly<Record<string, number>>

/** Sessions and the topics they watch, in this process. */
export interface Hub {
  /** Begins a session; a player's own topic is watched from the start. Throws UNAVAILABLE when the process is full. */
  open(owner: Owner | null): Promise<Session>
  /**
   * Begins a session where one of another process left off: it watches these topics and has the events that came after these numbers to
   * replay. Undefined when they are not all kept any more, or the player's own topic is not among them. Throws as `open`.
   */
  goOn(owner: Owner | null, positions: Positions): Promise<Session | undefined>
  /** Where the topics are that the session watches. */
  positions(session: Session): Positions
  /** The session that `id` names, if its events after the `received`-th are all still here. */
  find(id: string, received: number): Session | undefined
  watch(session: Session, topic: string): Promise<void>
  unwatch(session: Session, topic: string): Promise<void>
  /** Ends a session: its topics and rooms are let go. Its connection is the caller's to close. */
  end(session: Session): Promise<void>
  /** An event for one session alone, replayed on resume like any other. */
  tell(session: Session, event: TopicEvent): void
  readonly sessions: Iterable<Session>
  close(): Promise<void>
}

interface Watched {
  readonly sessions: Set<Session>
  /** Sessions that may have to be told yet, or have been told already, what is heard next. */
  readonly arriving: Map<Session, Arrival>
  /** The number of the last event heard here, or of the topic's last when it began to be heard. */
  seq: number | undefined
  readonly subscribed: Promise<() => Promise<void>>
}

const SESSIONS_MAX = 100_000
const SESSION_ID_BYTES = 24
const SWEEP_EVERY_MS = 5_000

export const userTopic = (playerId: string): string => `user:${playerId}`

export function createHub({ topics, clock, log, metrics, onEvent }: HubOptions): Hub {
  const sessions = new Map<string, Session>()
  const watched = new Map<string, Watched>()
  metrics.observe('meydan_sessions', 'Sessions, connected or kept for a resume', () => sessions.size)
  const delivered = metrics.counter('meydan_events_delivered_total', 'Topic events given to sessions')

  /** On its way into a topic's audience, from behind event `seq`. */
  const arrivalOf = (session: Session, seq: number): Arrival =>
    new Arrival(seq, (event) => {
      session.deliver(new SharedFrame(event, clock.monotonic()))
      delivered(1)
      onEvent?.(event, new Set([session]))
    })

  const hear = (topic: string, entry: Watched, event: TopicEvent): void => {
    const { sessions: audience, arriving, seq: last } = entry
    entry.seq = event.seq
    if (last !== undefined && event.seq > last + 1 && audience.size > 0) void mend(topic, entry, last)
    const frame = new SharedFrame(event, clock.monotonic())
    for (const each of audience) each.deliver(frame)
    delivered(audience.size)
    onEvent?.(event, audience)
    for (const [session, arrival] of arriving) {
      if (!arrival.hear(event)) continue
      arriving.delete(session)
      audience.add(session)
    }
  }

  /** Something was lost on the way here after event `seq`: everybody is told it before what comes, or sees the gap where it is kept no more. */
  const mend = async (topic: string, { sessions: audience, arriving }: Watched, seq: number): Promise<void> => {
    const arrivals = Array.from(audience, (session) => [session, arrivalOf(session, seq)] as const)
    audience.clear()
    for (const [session, arrival] of arrivals) arriving.set(session, arrival)
    const missed = await topics.since(topic, seq).catch((error: unknown) => {
      log.warn({ err: error, topic }, 'events that were lost could not be read')
    })
    // Who has left meanwhile hears nothing more.
    for (const [session, arrival] of arrivals) if (arriving.get(session) === arrival) arrival.fill(missed ?? [])
  }

  /** The number is asked for once the topic is heard, so that nothing comes between the two. */
  const subscribe = async (topic: string, entry: () => Watched): Promise<() => Promise<void>> => {
    const unsubscribe = await topics.subscribe(topic, (event) => hear(topic, entry(), event))
    try {
      const seq = await topics.position(topic)
      entry().seq ??= seq
    } catch (error) {
      await unsubscribe()
      throw error
    }
    return unsubscribe
  }

  const listen = (topic: string): Watched => {
    const entry: Watched = {
      sessions: new Set(),
      arriving: new Map(),
      seq: undefined,
      subscribed: subscribe(topic, () => entry),
    }
    watched.set(topic, entry)
    return entry
  }

  const leave = ({ sessions: audience, arriving }: Watched, session: Session): boolean =>
    arriving.delete(session) || audience.delete(session)

  /** Brings a session into a topic's entry, as `admit` does it, and waits until the topic is heard. */
  const enter = async (session: Session, topic: string, admit: (entry: Watched) => void): Promise<void> => {
    // A session that has ended would never let go of it.
    if (sessions.get(session.id) !== session) return
    if (!session.topics.has(topic) && session.topics.size >= TOPICS_PER_SESSION_MAX) {
      throw core.RATE_LIMITED({ message: `A session watches at most ${TOPICS_PER_SESSION_MAX} topics.` })
    }
    session.topics.add(topic)
    const entry = watched.get(topic) ?? listen(topic)
    admit(entry)
    try {
      await entry.subscribed
    } catch (error) {
      // Nothing will ever be heard here; the next to watch tries anew.
      if (watched.get(topic) === entry) watched.delete(topic)
      if (leave(entry, session)) session.topics.delete(topic)
      throw error
    }
  }

  const watch = (session: Session, topic: string): Promise<void> =>
    enter(session, topic, ({ sessions: audience, arriving }) => {
      if (!arriving.has(session)) audience.add(session)
    })

  const unwatch = async (session: Session, topic: string): Promise<void> => {
    const entry = watched.get(topic)
    if (!session.topics.delete(topic) || !entry) return
    leave(entry, session)
    if (entry.sessions.size + entry.arriving.size > 0) return
    watched.delete(topic)
    // Where the subscription failed there is nothing to take back, and whoever watched was told.
    const unsubscribe = await entry.subscribed.catch(() => undefined)
    await unsubscribe?.()
  }

  /** Watches a topic from behind event `seq`; false when not all that came after it could be told. */
  const catchUp = async (session: Session, topic: string, seq: number): Promise<boolean> => {
    const arrival = arrivalOf(session, seq)
    await enter(session, topic, ({ arriving }) => arriving.set(session, arrival))
    const missed = await topics.since(topic, seq)
    return missed !== undefined && arrival.fill(missed)
  }

  const end = async (session: Session): Promise<void> => {
    sessions.delete(session.id)
    for (const attachment of session.rooms.values()) attachment.detach()
    session.rooms.clear()
    await Promise.all([...session.topics].map((topic) => unwatch(session, topic)))
  }

  const sweep = (): void => {
    const lostBeforeMs = clock.monotonic() - RING_MS_MAX
    for (const session of sessions.values()) {
      session.forgetOld()
      if (session.lostAtMs === undefined || session.lostAtMs > lostBeforeMs) continue
      end(session).catch((error: unknown) => log.warn({ err: error }, 'a session did not end cleanly'))
    }
  }
  const sweeping = setInterval(sweep, SWEEP_EVERY_MS).unref()

  const begin = (owner: Owner | null): Session => {
    if (sessions.size >= SESSIONS_MAX)
      throw core.UNAVAILABLE({ message: 'This process holds as many sessions as it may.', retryAfterS: 5 })
    const session = new Session(randomBytes(SESSION_ID_BYTES).toString('base64url'), owner, clock)
    sessions.set(session.id, session)
    return session
  }

  /** Does the first work of a session, which does not outlive its failure. */
  const orEnd = async <T>(session: Session, work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      await end(session)
      throw error
    }
  }

  return {
    sessions: { [Symbol.iterator]: () => sessions.values() },
    async open(owner) {
      const session = begin(owner)
      if (owner) await orEnd(session, watch(session, userTopic(owner.playerId)))
      return session
    },
    async goOn(owner, positions) {
      if (owner && positions[userTopic(owner.playerId)] === undefined) return undefined
      const session = begin(owner)
      const all = Object.entries(positions).map(([topic, seq]) => catchUp(session, topic, seq))
      const told = await orEnd(session, Promise.all(all))
      if (told.every(Boolean) && session.canResume(0)) return session
      await end(session)
      return undefined
    },
    positions(session) {
      const known: Record<string, number> = {}
      for (const topic of session.topics) {
        const seq = watched.get(topic)?.seq
        if (seq !== undefined) known[topic] = seq
      }
      return known
    },
    find(id, received) {
      const session = sessions.get(id)
      return session?.canResume(received) ? session : undefined
    },
    watch,
    unwatch,
    end,
    tell: (session, event) => session.deliver(new SharedFrame(event, clock.monotonic())),
    async close() {
      clearInterval(sweeping)
      await Promise.all([...sessions.values()].map(end))
    },
  }
}
