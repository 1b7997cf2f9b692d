import { randomBytes } from 'node:crypto'
import { core } from '@meydan/contracts/core'
import type { TopicEvent, Topics } from '@meydan/kernel/storage'
import type { Log, Metrics } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
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

/** Sessions and the topics they watch, in this process. */
export interface Hub {
  /** Begins a session; a player's own topic is watched from the start. Throws UNAVAILABLE when the process is full. */
  open(owner: Owner | null): Promise<Session>
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
  readonly subscribed: Promise<() => Promise<void>>
}

const SESSIONS_MAX = 100_000
const TOPICS_PER_SESSION_MAX = 200
const SESSION_ID_BYTES = 24
const SWEEP_EVERY_MS = 5_000

export const userTopic = (playerId: string): string => `user:${playerId}`

export function createHub({ topics, clock, log, metrics, onEvent }: HubOptions): Hub {
  const sessions = new Map<string, Session>()
  const watched = new Map<string, Watched>()
  metrics.observe('meydan_sessions', 'Sessions, connected or kept for a resume', () => sessions.size)
  const delivered = metrics.counter('meydan_events_delivered_total', 'Topic events given to sessions')

  const listen = (topic: string): Watched => {
    const audience = new Set<Session>()
    const fanOut = (event: TopicEvent): void => {
      const frame = new SharedFrame(event, clock.monotonic())
      for (const each of audience) each.deliver(frame)
      delivered(audience.size)
      onEvent?.(event, audience)
    }
    const entry = { sessions: audience, subscribed: topics.subscribe(topic, fanOut) }
    watched.set(topic, entry)
    return entry
  }

  const watch = async (session: Session, topic: string): Promise<void> => {
    // A session that has ended would never let go of it.
    if (sessions.get(session.id) !== session) return
    if (!session.topics.has(topic) && session.topics.size >= TOPICS_PER_SESSION_MAX) {
      throw core.RATE_LIMITED({ message: `A session watches at most ${TOPICS_PER_SESSION_MAX} topics.` })
    }
    session.topics.add(topic)
    const entry = watched.get(topic) ?? listen(topic)
    entry.sessions.add(session)
    try {
      await entry.subscribed
    } catch (error) {
      // Nothing will ever be heard here; the next to watch tries anew.
      if (watched.get(topic) === entry) watched.delete(topic)
      if (entry.sessions.delete(session)) session.topics.delete(topic)
      throw error
    }
  }

  const unwatch = async (session: Session, topic: string): Promise<void> => {
    const entry = watched.get(topic)
    if (!session.topics.delete(topic) || !entry) return
    entry.sessions.delete(session)
    if (entry.sessions.size > 0) return
    watched.delete(topic)
    // Where the subscription failed there is nothing to take back, and whoever watched was told.
    const unsubscribe = await entry.subscribed.catch(() => undefined)
    await unsubscribe?.()
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

  return {
    sessions: { [Symbol.iterator]: () => sessions.values() },
    async open(owner) {
      if (sessions.size >= SESSIONS_MAX)
        throw core.UNAVAILABLE({ message: 'This process holds as many sessions as it may.', retryAfterS: 5 })
      const session = new Session(randomBytes(SESSION_ID_BYTES).toString('base64url'), owner, clock)
      sessions.set(session.id, session)
      try {
        if (owner) await watch(session, userTopic(owner.playerId))
      } catch (error) {
        await end(session)
        throw error
      }
      return session
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
