import { Fault } from '@meydan/contracts/core'
import { z } from 'zod'

/** What the faucet says when it refuses, minor units: what it would still give today, and up to what it fills a balance. */
const Details = z.object({ left: z.int(), upTo: z.int() })

export interface FaucetLimit {
  /** Minor units that can still be taken. */
  readonly room: number
  /** What stands against more: the day's limit, or that the account is as full as the faucet fills it. */
  readonly by: 'day' | 'fullness'
}

/** How far a refusal of the faucet still lets the player go, who has `balance`; undefined when it was refused for another reason. */
export function limitOf(error: unknown, balance: number): FaucetLimit | undefined {
  if (!(error instanceof Fault) || error.code !== 'FAUCET_LIMIT') return undefined
  const { left, upTo } = Details.catch({ left: 0, upTo: 0 }).parse(error.details)
  const space = Math.max(0, upTo - balance)
  return left <= space ? { room: left, by: 'day' } : { room: space, by: 'fullness' }
}
