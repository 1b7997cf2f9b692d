import { type Contract, Fault } from '@meydan/contracts/core'
import type { Clock } from '../time/index.ts'
import type { CallContext } from './call.ts'
import { inNameOf } from './caller.ts'
import { Running } from './context.ts'
import type { Link } from './link.ts'
import type { Calls, Clients } from './service.ts'

/**
 * Refusals that say the calling service got something wrong. Its own caller must not take them for his:
 * a player whose token is good would be signed out by an UNAUTHENTICATED between two services.
 */
const OUR_FAULTS: ReadonlySet<string> = new Set(['INVALID_INPUT', 'UNAUTHENTICATED', 'UNKNOWN_CALL'])

/**
 * Typed clients for the contracts that `service` calls. A call made with the context of a call it is answering
 * inherits that one's deadline, trace and cancellation, and is made by the service in the player's name.
 */
export function clientsFor<C extends Calls>(
  service: string,
  calls: C,
  linkTo: (contract: Contract) => Link,
  clock: Clock,
): Clients<C> {
  const clients: Record<string, Record<string, UntypedCall>> = {}
  for (const [name, contract] of Object.entries(calls)) {
    const link = linkTo(contract)
    const client: Record<string, UntypedCall> = {}
    for (const procedure of Object.keys(contract.procedures)) {
      client[procedure] = (input, context) => {
        const running = Running.from(context, clock)
        return link
          .call(contract, procedure, input, running, inNameOf(running.caller, service))
          .catch((error: unknown) => rethrow(error, `${service} calling ${contract.name}.${procedure}`))
      }
    }
    clients[name] = client
  }
  // The loop above has made exactly the functions that the contracts name; the compiler cannot follow a loop over data.
  return clients as Clients<C>
}

type UntypedCall = (input: unknown, context: CallContext) => Promise<unknown>

function rethrow(error: unknown, what: string): never {
  if (error instanceof Fault && OUR_FAULTS.has(error.code)) {
    throw new Error(`${what} was refused: ${error.code} ${error.message}`, { cause: error })
  }
  throw error
}
