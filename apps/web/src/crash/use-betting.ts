import { Fault } from '@meydan/contracts/core'
import { type AutoCashOut, CRASH_CURRENCY, type OwnBet } from '@meydan/contracts/crash'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { z } from 'zod'
import { client } from '../client.ts'
import { Keys } from '../keys.ts'
import { queries, queryClient } from '../queries.ts'
import { readAnew } from '../read-anew.ts'
import type { LobbyLine } from './lobby-line.ts'
import type { RoundState } from './state.ts'

/** A bet as it was asked for. */
export interface Wish {
  readonly amount: number
  readonly autoCashOut: z.infer<typeof AutoCashOut> | null
}

export interface Betting {
  readonly bet: (wish: Wish) => void
  readonly cashOut: () => void
  /** Takes back what is to be bet on the next round. */
  readonly cancel: () => void
  /** Waits for the next round. */
  readonly next: Wish | null
  readonly isBetting: boolean
  /** What was on the screen when the player cashed out, hundredths, until the server has said what it was. */
  readonly pressedAt: number | null
  readonly error: unknown
}

/** The player's minor units of the currency that is played for; undefined until it is known. */
export function useBalance(): number | undefined {
  const { data } = useQuery(queries.balances())
  return data?.balances.find(({ currency }) => currency === CRASH_CURRENCY)?.balance
}

/** Betting and cashing out in a lobby. Each ends by the server's answer, by its word on the round, or by the SDK's time-out. */
export function useBetting(lobbyId: number, line: LobbyLine, round: RoundState | null): Betting {
  const [next, setNext] = useState<Wish | null>(null)
  const placing = usePlacing(lobbyId, line)
  const leaving = useCashOut(lobbyId, line)
  const takesBets = round?.phase === 'betting' || round?.phase === 'waiting'
  const isFree = takesBets && round.mine === null
  const { mutate, isPending } = placing
  const { reset } = leaving
  const roundId = round?.roundId ?? ''
  useEffect(() => {
    if (!isFree || !next) return
    setNext(null)
    // What went wrong in an earlier round is over with it.
    reset()
    mutate({ ...next, roundId })
  }, [isFree, next, mutate, reset, roundId])
  const isAsking = leaving.isPending && round?.mine?.state === 'open' && round.mine.betId === leaving.variables?.betId
  return {
    bet: setNext,
    cashOut: () => {
      if (round?.mine?.state !== 'open' || leaving.isPending) return
      leaving.mutate({ betId: round.mine.betId, shown: line.multiplier(performance.now()) })
    },
    cancel: () => setNext(null),
    next,
    isBetting: isPending,
    pressedAt: isAsking ? (leaving.variables?.shown ?? null) : null,
    error: placing.error ?? leaving.error,
  }
}

function usePlacing(lobbyId: number, line: LobbyLine) {
  const [keys] = useState(() => new Keys())
  return useMutation({
    mutationFn: ({ roundId, amount, autoCashOut }: Wish & { readonly roundId: string }) => {
      const key = keys.of(`${roundId} ${amount} ${autoCashOut}`)
      return client.call.crash.bet({ lobbyId, key, amount, ...(autoCashOut !== null && { autoCashOut }) })
    },
    onSuccess: (own: OwnBet) => line.own(own),
    onSettled: () => readAnew(queryClient, ['wallet']),
    onError: (error) => lookAfter(error, line),
  })
}

function useCashOut(lobbyId: number, line: LobbyLine) {
  return useMutation({
    mutationFn: (_pressed: { readonly betId: string; readonly shown: number }) =>
      client.call.crash.cashOut({ lobbyId }),
    onSuccess: (own: OwnBet) => line.own(own),
    onError: (error) => lookAfter(error, line),
  })
}

/** What was asked may have been done, or the round be another: the lobby says. */
function lookAfter(error: unknown, line: LobbyLine): void {
  if (error instanceof Fault) void line.look()
}
