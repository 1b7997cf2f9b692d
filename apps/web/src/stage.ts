import { MATCH_FOUND, QUEUE_CHANGED, Status } from '@meydan/contracts/matchmaking'
import type { State } from '@meydan/sdk'
import { useCallback, useEffect, useRef, useState } from 'react'
import { z } from 'zod'
import { client, game } from './client.ts'
import { sentenceOf } from './sentence.ts'

/** One player's part in a match, as far as the page knows it. */
export interface Line {
  readonly playerId: string
  readonly name: string
  readonly score: number
  readonly kills?: number
  readonly deaths?: number
}

/** How a match ended, as its room showed it. Empty when the room shows no scores: then the stored result tells. */
export interface MatchResult {
  readonly roomId: string
  readonly lines: readonly Line[]
}

export type Queued = Extract<Status, { state: 'queued' }>

export type Stage =
  | { readonly name: 'landing'; readonly isBusy: boolean; readonly problem: string | null; readonly known: boolean }
  | { readonly name: 'queued'; readonly status: Queued }
  | { readonly name: 'match'; readonly roomId: string; readonly game: string }
  | { readonly name: 'result'; readonly result: MatchResult }

const Found = z.object({ roomId: z.string(), game: z.string() })
const Changed = z.object({ status: Status })
const landing = (more: Partial<Extract<Stage, { name: 'landing' }>> = {}): Stage => ({
  name: 'landing',
  isBusy: false,
  problem: null,
  known: client.player !== null,
  ...more,
})

/** Where the player is, and the ways from there. The server's word (status, events) decides; this only shows it. */
export function useStage() {
  const [stage, setStage] = useState<Stage>(() => landing())
  const connection = useConnection()
  /** The last room that is over for this player. */
  const overRoom = useRef<string | null>(null)

  const show = useCallback((status: Status) => setStage((now) => stageAfter(now, status)), [])
  const refresh = useCallback(async () => show(await client.call.matchmaking.status({})), [show])

  useEffect(() => {
    const offs = [
      client.on(QUEUE_CHANGED, (data) => show(Changed.parse(data).status)),
      client.on(MATCH_FOUND, (data) => setStage({ name: 'match', ...Found.parse(data) })),
      client.onResync(() => void settle(refresh)),
      client.onSignedOut(() => setStage(landing({ problem: 'Your earlier visit has ended. Play as a new guest?' }))),
      client.onReplaced(() => setStage(landing({ problem: 'You went on playing in another window.' }))),
    ]
    // A player who reloads in the middle of a match or a queue is taken back to it.
    void settle(async () => {
      if (!(await client.restore())) return
      await client.connect()
      await refresh()
    })
    return () => {
      for (const off of offs) off()
    }
  }, [show, refresh])

  const play = useCallback(
    async (name?: string) => {
      setStage((now) => (now.name === 'landing' ? { ...now, isBusy: true, problem: null } : landing({ isBusy: true })))
      try {
        if (!(await client.restore())) await client.guest(name ? { displayName: name } : {})
        await client.connect()
        show(await ask(overRoom.current))
      } catch (error) {
        setStage(landing({ problem: sentenceOf(error) }))
      }
    },
    [show],
  )
  const cancel = useCallback(async () => {
    try {
      const status = await client.call.matchmaking.cancel({})
      // Too late: the match has begun meanwhile, and nobody should be kept waiting in it.
      if (status.state === 'playing') show(status)
      else setStage(landing())
    } catch (error) {
      setStage(landing({ problem: sentenceOf(error) }))
    }
  }, [show])
  const finish = useCallback((result: MatchResult) => {
    overRoom.current = result.roomId
    setStage({ name: 'result', result })
  }, [])
  const home = useCallback((problem: string | null = null) => {
    setStage((now) => {
      if (now.name === 'match') overRoom.current = now.roomId
      return landing({ problem })
    })
  }, [])
  return { stage, connection, play, cancel, finish, home }
}

const ASK_AGAIN_MS = 250
const ASKS_MAX = 20

/**
 * Asks for a game. The queue hears of a room's end by an event, so right after one it may still answer with that room
 * (`overRoom`): then the question is put again, for 5 s at most.
 */
async function ask(overRoom: string | null): Promise<Status> {
  for (let asked = 1; ; asked++) {
    const status = await client.call.matchmaking.ask({ game: game?.name ?? 'arena' })
    if (status.state !== 'playing' || status.roomId !== overRoom || asked === ASKS_MAX) return status
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
}

/** The server's status, seen from where the page is. */
function stageAfter(now: Stage, status: Status): Stage {
  if (status.state === 'playing') {
    const isThere = now.name === 'match' && now.roomId === status.roomId
    return isThere ? now : { name: 'match', roomId: status.roomId, game: status.game }
  }
  // What was said of the queue may come after the match was found.
  if (status.state === 'queued') return now.name === 'match' ? now : { name: 'queued', status }
  return now.name === 'queued' || (now.name === 'landing' && now.isBusy) ? landing() : now
}

function useConnection(): State {
  const [connection, setConnection] = useState<State>(client.state)
  useEffect(() => client.onState(setConnection), [])
  return connection
}

/** Being offline for a moment is no reason for an error: the connection comes back, and Play tries again and tells. */
async function settle(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    console.info('could not look where the player stands', error)
  }
}
