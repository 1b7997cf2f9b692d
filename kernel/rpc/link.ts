import type { Contract } from '@meydan/contracts/core'
import type { Caller } from './call.ts'
import type { Running } from './context.ts'

/** A way to reach the services of some contracts: in this process, or in another. */
export interface Link {
  /**
   * Calls one procedure. `context` gives deadline, trace and cancellation, `caller` is who the answering side sees.
   * Rejects with a Fault.
   */
  call(contract: Contract, procedure: string, input: unknown, context: Running, caller: Caller): Promise<unknown>
}
