import { core } from '@meydan/contracts/core'
import { isCrashTopic } from '@meydan/contracts/crash'
import { CLOSE, type UpFrame } from '@meydan/contracts/socket'
import { openContext, type Running } from '@meydan/kernel/rpc'
import { type Hub, type Owner, type Positions, type Session, userTopic } from '@meydan/realtime/hub'
import { callerFrom } from '../caller.ts'
import type { Edge } from '../edge.ts'
import type { SocketConnection } from './connection.ts'
import { HEARTBEAT_MS } from './heartbeats.ts'
import { presenceCalls } from './presence.ts'
import { inputFrame, joinRoom, partRoom, spectateRoom } from './rooms.ts'

const OPEN_CALLS_MAX = 64

/** What each frame does. */
export interface Exchange {
  readonly edge: Edge
  greet(connection: SocketConnection, frame: UpFrame): Promise<void>
  frame(connection: SocketConnection, frame: UpFrame): void
  roomFrame(connection: SocketConnection, data: Buffer): void
  /** Says that the connection's player is here (A5, A9). A failure shows in the calls' own metrics and is made up for by a later one. */
  keepPresent(connection: SocketConnection): void
  gone(connection: SocketConnection): void
}

export function createExchange(edge: Edge, hub: Hub, onGone: (connection: SocketConnection) => void): Exchange {
  const contexts = new Map<SocketConnection, Set<Running>>()
  const presenceDue = presenceCalls(edge.contracts)

  const verified = async (token: string | undefined): Promise<Owner | null> =>
    token === undefined ? null : edge.verify(token)

  const contextFor = (connection: SocketConnection, owner: Owner | null): Running => {
    const context = openContext({ caller: callerFrom(connection, owner), clock: edge.clock, log: edge.log })
    const open = contexts.get(connection) ?? new Set()
    contexts.set(connection, open.add(context))
    return context
  }

  /** Runs the work of one frame with an id, and answers it, whichever way it ends. */
  const answering = (connection: SocketConnection, id: number, work: () => Promise<unknown>): void => {
    if (connection.calls.has(id)) {
      connection.refuse(
        id,
        core.CONFLICT({ message: `A call with id ${id} is open already.`, details: { field: 'id' } }),
      )
      return
    }
    if (connection.calls.size >= OPEN_CALLS_MAX) {
      connection.refuse(id, core.RATE_LIMITED({ message: `A socket has at most ${OPEN_CALLS_MAX} open calls.` }))
      return
    }
    connection.calls.add(id)
    work()
      .then((out) => connection.answer(id, out))
      .catch((error: unknown) => connection.refuse(id, error))
      .finally(() => connection.calls.delete(id))
  }

  const call = async (
    connection: SocketConnection,
    session: Session,
    name: string,
    input: unknown,
  ): Promise<unknown> => {
    const { owner } = session
    if (owner && owner.expiresAtMs <= edge.clock.now()) throw core.UNAUTHENTICATED({ details: { reason: 'expired' } })
    const context = contextFor(connection, owner)
    try {
      return await edge.dispatch(name, input ?? {}, context)
    } finally {
      contexts.get(connection)?.delete(context)
    }
  }

  const renew = async (session: Session, token: string): Promise<object> => {
    const owner = await edge.verify(token)
    if (session.owner && session.owner.playerId !== owner.playerId) {
      throw core.FORBIDDEN({ message: "A session stays with its player; say hello on a new connection for another's." })
    }
    session.owner = owner
    await hub.watch(session, userTopic(owner.playerId))
    return { topics: hub.positions(session) }
  }

  const watch = async (session: Session, topic: string): Promise<object> => {
    if (!mayWatch(session.owner, topic)) throw core.FORBIDDEN({ details: { field: 'watch' } })
    await hub.watch(session, topic)
    return { topics: hub.positions(session) }
  }

  /** A session where one that is not here left off; undefined when it cannot be, for it may have missed something. */
  const goneOn = async (owner: Owner | null, topics: Positions | undefined): Promise<Session | undefined> => {
    if (!topics || !Object.keys(topics).every((topic) => mayWatch(owner, topic))) return undefined
    return hub.goOn(owner, topics)
  }

  const keepPresent = (connection: SocketConnection): void => {
    const owner = connection.session?.owner
    if (!owner) return
    const context = openContext({ caller: callerFrom(connection, owner), clock: edge.clock, log: edge.log })
    for (const name of presenceDue(connection.beats++, connection.id)) {
      edge
        .dispatch(name, {}, context)
        .catch((error: unknown) => edge.log.debug({ err: error, call: name }, 'presence was not kept'))
    }
  }

  return {
    edge,
    keepPresent,
    async greet(connection, frame) {
      const resume = 'resume' in frame ? frame.resume : undefined
      const token = resume ? resume.token : 'hello' in frame ? frame.hello.token : undefined
      const owner = await verified(token)
      // Whoever has hung up meanwhile takes nothing over: it would cut off a connection that lives.
      if (!connection.isOpen) return
      const earlier = resume && hub.find(resume.session, resume.seq)
      if (earlier?.owner && earlier.owner.playerId !== owner?.playerId) throw core.UNAUTHENTICATED()
      const resumed = earlier ?? (await goneOn(owner, resume?.topics))
      const session = resumed ?? (await hub.open(owner))
      // What it missed may have been the end of its account session (S9).
      if (owner && session !== earlier && !session.owner) {
        connection.close(CLOSE.revoked, 'the session was ended')
        return
      }
      if (!connection.isOpen) {
        // It hung up while its new session was made, of whose id nobody will ever know.
        await hub.end(session)
        return
      }
      if (owner) session.owner = owner
      connection.session = session
      session.connect(connection, CLOSE.replaced)
      connection.send({
        hello: {
          session: session.id,
          playerId: session.owner?.playerId ?? null,
          resumed: resumed !== undefined,
          ...(!resumed && { topics: hub.positions(session) }),
          heartbeatMs: HEARTBEAT_MS,
          timeMs: edge.clock.now(),
        },
      })
      session.replay(resume && earlier ? resume.seq : 0)
      // A session that began without a token has become a player's.
      if (owner && earlier) await hub.watch(session, userTopic(owner.playerId))
      keepPresent(connection)
    },
    frame(connection, frame) {
      const { session } = connection
      if (!session || session.connection !== connection) return
      if ('ping' in frame) connection.send({ pong: frame.ping, timeMs: edge.clock.now() })
      else if ('call' in frame) answering(connection, frame.id, () => call(connection, session, frame.call, frame.in))
      else if ('join' in frame)
        answering(connection, frame.id, () =>
          joinRoom(hub, edge.rooms, session, { roomId: frame.join, after: frame.after }),
        )
      else if ('spectate' in frame)
        answering(connection, frame.id, () =>
          spectateRoom(hub, edge.rooms, session, { roomId: frame.spectate, after: frame.after }),
        )
      else if ('part' in frame) answering(connection, frame.id, async () => partRoom(session, frame.part) ?? {})
      else if ('watch' in frame) answering(connection, frame.id, () => watch(session, frame.watch))
      else if ('unwatch' in frame)
        answering(connection, frame.id, async () => (await hub.unwatch(session, frame.unwatch)) ?? {})
      else if ('renew' in frame) answering(connection, frame.id, () => renew(session, frame.renew.token))
    },
    roomFrame(connection, data) {
      if (connection.session?.connection === connection) inputFrame(connection.session, data)
    },
    gone(connection) {
      for (const context of contexts.get(connection) ?? []) context.cancel()
      contexts.delete(connection)
      onGone(connection)
    },
  }
}

/** Their own topic is watched from the start; room events come by joining the room. Lobbies of the crash game are open to every player. */
function mayWatch(owner: Owner | null, topic: string): boolean {
  return owner !== null && (topic === userTopic(owner.playerId) || isCrashTopic(topic))
}
