import { core } from '@meydan/contracts/core'
import { BET_ENDED, BetEnded, CRASH_TICK, CrashTick, crashTicksTopic } from '@meydan/contracts/crash'
import { SESSION_REVOKED, SessionRevoked } from '@meydan/contracts/identity'
import type { TopicEvent } from '@meydan/kernel/storage'
import { type Owner, userTopic } from '@meydan/realtime/hub'
import type { Server, Socket } from 'socket.io'
import type { Edge } from '../edge.ts'
import { coinsOf } from '../foreign/written.ts'
import { follow } from './follow.ts'
import type { DownEvents, UpEvents } from './words.ts'

export type ForeignServer = Server<UpEvents, DownEvents>
export type ForeignSocket = Socket<UpEvents, DownEvents>

/** Lobbies and players that one socket hears. */
export const TOPICS_PER_SOCKET_MAX = 32

const RESULTS = { won: 'win', lost: 'lose', voided: 'void' } as const

/** What sockets hear. A topic that any of them does is a Socket.IO room of the topic's name, and followed for as long as somebody is in it. */
export interface Feeds {
  /** From when it resolves, the socket hears how the lobby's multiplier rises. */
  enterLobby(socket: ForeignSocket, lobbyId: number): Promise<void>
  leaveLobby(socket: ForeignSocket, lobbyId: number): void
  /** From when it resolves, the socket hears how bets of the player end. */
  hearPlayer(socket: ForeignSocket, owner: Owner): Promise<void>
  /** Does `first` before the player's next winning bet is told of; gives how to take that back. */
  beforeWin(owner: Owner, first: () => void): () => void
  close(): Promise<void>
}

export function createFeeds(io: ForeignServer, edge: Edge): Feeds {
  /** By topic, what ends its being followed. */
  const followed = new Map<string, Promise<() => Promise<void>>>()
  /** By player, what is to be said before a win. */
  const waiting = new Map<string, Set<() => void>>()
  const rooms = io.of('/').adapter

  const enter = async (
    socket: ForeignSocket,
    topic: string,
    begin: () => Promise<() => Promise<void>>,
  ): Promise<void> => {
    // Who has gone meanwhile would stay in the room for good.
    if (!socket.connected) return
    const heard = [...socket.rooms].filter((room) => followed.has(room))
    if (!heard.includes(topic) && heard.length >= TOPICS_PER_SOCKET_MAX)
      throw core.RATE_LIMITED({ message: `A socket hears at most ${TOPICS_PER_SOCKET_MAX} lobbies and players.` })
    const following = followed.get(topic) ?? begin()
    followed.set(topic, following)
    await socket.join(topic)
    try {
      await following
    } catch (error) {
      await socket.leave(topic)
      throw error
    }
  }

  /** Where it failed to be followed there is nothing to stop, and who waited was told. */
  const stop = async (topic: string): Promise<void> => {
    const following = followed.get(topic)
    followed.delete(topic)
    const end = await following?.catch(() => undefined)
    await end?.()
  }
  rooms.on('delete-room', (topic: string) => {
    stop(topic).catch((error: unknown) => edge.log.warn({ err: error, topic }, 'a topic was not let go cleanly'))
  })

  const tellRise = (topic: string, { event, data }: TopicEvent): void => {
    const tick = event === CRASH_TICK ? CrashTick.safeParse(data) : undefined
    // A reader that is behind needs only the next.
    if (tick?.success) io.to(topic).volatile.emit('coefficient_update', { coefficient: coinsOf(tick.data.multiplier) })
  }
  const tellPlayer = (topic: string, { event, data }: TopicEvent): void => {
    if (event === SESSION_REVOKED) {
      const revoked = SessionRevoked.safeParse(data)
      if (revoked.success) io.in(sessionRoom(revoked.data.sessionId)).socketsLeave(topic)
    }
    const ended = event === BET_ENDED ? BetEnded.safeParse(data) : undefined
    if (!ended?.success) return
    const { state, playerId, userNumber, payout } = ended.data.bet
    if (state === 'open') return
    if (state === 'won') for (const first of waiting.get(playerId) ?? []) first()
    io.to(topic).emit('bet_result', { user_id: userNumber, result: RESULTS[state], payout: coinsOf(payout) })
  }

  return {
    enterLobby(socket, lobbyId) {
      const topic = crashTicksTopic(lobbyId)
      return enter(socket, topic, () => edge.topics.subscribe(topic, (event) => tellRise(topic, event)))
    },
    leaveLobby(socket, lobbyId) {
      void socket.leave(crashTicksTopic(lobbyId))
    },
    async hearPlayer(socket, { playerId, sessionId }) {
      const topic = userTopic(playerId)
      await enter(socket, topic, () => follow(edge, topic, (event) => tellPlayer(topic, event)))
      if (socket.connected) await socket.join(sessionRoom(sessionId))
    },
    beforeWin({ playerId }, first) {
      const firsts = waiting.get(playerId) ?? new Set()
      waiting.set(playerId, firsts.add(first))
      return () => {
        firsts.delete(first)
        if (firsts.size === 0) waiting.delete(playerId)
      }
    },
    async close() {
      await Promise.all([...followed.keys()].map(stop))
    },
  }
}

/** By it the sockets are found that a session's token came over. */
function sessionRoom(sessionId: string): string {
  return `session:${sessionId}`
}
