import type { Contract } from '@meydan/contracts/core'
import type { CallContext, LimitState } from '@meydan/kernel/rpc'
import type { Topics } from '@meydan/kernel/storage'
import type { Log, Metrics } from '@meydan/kernel/telemetry'
import type { Clock } from '@meydan/kernel/time'
import type { TokenVerifier } from '@meydan/kernel/tokens'
import type { RoomDoor } from '@meydan/realtime/rooms'

/** What both doors stand on. They hold no rules: they find out who calls, and pass the call on. */
export interface Edge {
  readonly contracts: readonly Contract[]
  /** `dispatch('players.me', {}, context)`; rejects with a Fault and nothing else. */
  readonly dispatch: (
    call: string,
    input: unknown,
    context: CallContext & { limit?: LimitState | undefined },
  ) => Promise<unknown>
  /** Rejects with UNAUTHENTICATED. */
  readonly verify: TokenVerifier
  readonly rooms: RoomDoor
  readonly topics: Topics
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  readonly trustProxy: boolean
}
