import { Fault } from '@meydan/contracts/core'
import { MATCH_FOUND, QUEUE_CHANGED, Status } from '@meydan/contracts/matchmaking'
import type { State } from '@meydan/sdk'
import { useCallback, useEffect, useState } from 'react'
import { z } from 'zod'
import { client, game } from './client.ts'

/** How a match ended, as the room itself showed it. */
export interface MatchResult {
  readonly roomId: string
  readonly lines: readonly { seat: number; name: string; score: number; kills: number; deaths: number; mine: boolean }[]
}

export type Queued = Extract<Status, { state: 'queued' }>

export type Stage =
  | { readonly name: 'landing'; readonly isBusy: boolean; readonly problem: string | null; readonly known: boolean }
  | { readonly name: 'queued'; readonly status: Queued }
  | { readonly name: 'match'; readonly roomId: string }
  | { readonly name: 'result'; readonly result: MatchResult }

const Found = z.object({ roomId: z.string() })
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
  const [connection, setConnection] = useState<State>(client.state)

  const show = useCallback((status: Status) => {
    if (status.state === 'playing')
      setStage((now) => (now.name === 'match' ? now : { name: 'match', roomId: status.roomId }))
    else if (status.state === 'queued') setStage((now) => (now.name === 'match' ? now : { name: 'queued', status }))
    else setStage((now) => (now.name === 'queued' ? landing() : now))
  }, [])

  const refresh = useCallback(async () => show(await client.call.matchmaking.status({})), [show])

  useEffect(() => {
    const offs = [
      client.onState(setConnection),
      client.on(QUEUE_CHANGED, (data) => show(Changed.parse(data).status)),
      client.on(MATCH_FOUND, (data) => setStage({ name: 'match', roomId: Found.parse(data).roomId })),
      client.onResync(() => void refresh()),
    ]
    // A player who reloads in the middle of a match or a queue is taken back to it.
    void resumeEarlier(refresh)
    return () => {
      for (const off of offs) off()
    }
  }, [show, refresh])

  const play = useCallback(
    async (name?: string) => {
      setStage(landing({ isBusy: true }))
      try {
        if (!(await client.restore())) await client.guest(name ? { displayName: name } : {})
        await client.connect()
        const status = await client.call.matchmaking.ask({ game: game?.name ?? 'arena' })
        show(status)
      } catch (error) {
        setStage(landing({ problem: error instanceof Fault ? error.message : 'Something went wrong; try again.' }))
      }
    },
    [show],
  )
  const cancel = useCallback(async () => {
    await client.call.matchmaking.cancel({})
    setStage(landing())
  }, [])
  const finish = useCallback(
    (result: MatchResult | null) => setStage(result ? { name: 'result', result } : landing()),
    [],
  )
  const home = useCallback(() => setStage(landing()), [])
  return { stage, connection, play, cancel, finish, home }
}

async function resumeEarlier(refresh: () => Promise<void>): Promise<void> {
  try {
    if (!(await client.restore())) return
    await client.connect()
    await refresh()
  } catch (error) {
    // Being offline at the start is no reason to show an error: pressing Play tries again and tells.
    console.info('the earlier visit could not be resumed', error)
  }
}
