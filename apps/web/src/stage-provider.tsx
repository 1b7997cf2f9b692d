import { MATCH_FOUND, QUEUE_CHANGED, Status } from '@meydan/contracts/matchmaking'
import type { State } from '@meydan/sdk'
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { z } from 'zod'
import { client } from './client.ts'
import { i18n } from './i18n/i18n.ts'
import { tellLanguage } from './language.ts'
import { patiently } from './patience.ts'
import { queryClient } from './queries.ts'
import { readAnew } from './read-anew.ts'
import { sentenceOf } from './sentence.ts'
import { playerChanged } from './session.ts'
import { landing, type MatchResult, type Stage, stageAfter } from './stage.ts'

const Found = z.object({ roomId: z.string(), game: z.string() })
const Changed = z.object({ status: Status })

export interface Staging {
  readonly stage: Stage
  readonly connection: State
  /** Asks for a match of a game; as a new guest when nobody is signed in. */
  readonly play: (game: string, name?: string) => Promise<void>
  readonly cancel: () => Promise<void>
  readonly finish: (result: MatchResult) => void
  /** Back to the start, with a sentence when the player did not want that. */
  readonly home: (problem?: string | null) => void
  /** Somebody signed in or out: connects as who is there now, and looks where they stand. */
  readonly renew: () => void
}

const StageContext = createContext<Staging | null>(null)

export function useStage(): Staging {
  const staging = use(StageContext)
  if (!staging) throw new Error('there is no StageProvider around this')
  return staging
}

export function StageProvider({ children }: { children: ReactNode }) {
  return <StageContext value={useStaging()}>{children}</StageContext>
}

/** Where the player is, and the ways from there. The server's word (status, events) decides; this only shows it. */
function useStaging(): Staging {
  const [stage, setStage] = useState<Stage>(() => landing())
  const connection = useConnection()
  /** The last room that is over for this player. */
  const overRoom = useRef<string | null>(null)

  const show = useCallback((status: Status) => setStage((now) => stageAfter(now, status)), [])
  const refresh = useCallback(async () => show(await client.call.matchmaking.status({})), [show])
  useServersWord(setStage, show, refresh)

  const play = useCallback(
    async (game: string, name?: string) => {
      setStage((now) => (now.name === 'landing' ? { ...now, isBusy: true, problem: null } : landing({ isBusy: true })))
      try {
        if (!(await client.restore())) await enterAsGuest(name)
        await client.connect()
        show(await ask(game, overRoom.current))
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
    setStage((now) => (now.name === 'match' ? { name: 'result', result, game: now.game } : now))
    void readAnew(queryClient)
  }, [])
  const home = useCallback((problem: string | null = null) => {
    setStage((now) => {
      if (now.name === 'match') overRoom.current = now.roomId
      return landing({ problem })
    })
  }, [])
  const renew = useCallback(() => {
    playerChanged()
    setStage(landing())
    if (!client.player) return
    void settle(async () => {
      await client.connect()
      await refresh()
    })
  }, [refresh])
  return useMemo(
    () => ({ stage, connection, play, cancel, finish, home, renew }),
    [stage, connection, play, cancel, finish, home, renew],
  )
}

/** Hears what the server says of the player, and asks it when the page opens. */
function useServersWord(
  setStage: (stage: Stage) => void,
  show: (status: Status) => void,
  refresh: () => Promise<void>,
): void {
  useEffect(() => {
    const offs = [
      client.on(QUEUE_CHANGED, (data) => show(Changed.parse(data).status)),
      client.on(MATCH_FOUND, (data) => setStage({ name: 'match', ...Found.parse(data) })),
      client.onResync(() => void settle(refresh)),
      client.onSignedOut(() => setStage(landing({ problem: i18n.t('play:signedOut') }))),
      client.onReplaced(() => setStage(landing({ problem: i18n.t('play:replaced') }))),
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
  }, [setStage, show, refresh])
}

async function enterAsGuest(name: string | undefined): Promise<void> {
  await client.guest(name ? { displayName: name } : {})
  playerChanged()
  await tellLanguage()
}

const ASK_AGAIN_MS = 250
const ASKS_MAX = 20

/**
 * Asks for a game. The queue hears of a room's end by an event, so right after one it may still answer with that room
 * (`overRoom`): then the question is put again, for 5 s at most.
 */
async function ask(game: string, overRoom: string | null): Promise<Status> {
  for (let asked = 1; ; asked++) {
    const status = await client.call.matchmaking.ask({ game })
    if (status.state !== 'playing' || status.roomId !== overRoom || asked === ASKS_MAX) return status
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS))
  }
}

function useConnection(): State {
  const [connection, setConnection] = useState<State>(client.state)
  useEffect(() => client.onState(setConnection), [])
  return connection
}

/** Being offline for a moment is no reason for an error: the connection comes back, and Play tries again and tells. */
async function settle(work: () => Promise<void>): Promise<void> {
  try {
    await patiently(work)
  } catch (error) {
    console.info('could not look where the player stands', error)
  }
}
