import type { Client, Contract } from '@meydan/contracts/core'
import { crash } from '@meydan/contracts/crash'
import { identity } from '@meydan/contracts/identity'
import { wallet } from '@meydan/contracts/wallet'
import type { CallContext } from '@meydan/kernel/rpc'
import type { Edge } from '../edge.ts'

/** What of the platform foreign clients are led to: called as every door calls, in the name of whoever asks. */
export type Platform = ReturnType<typeof platformOf>

export function platformOf({ dispatch }: Pick<Edge, 'dispatch'>) {
  return {
    identity: clientOf(identity, dispatch),
    wallet: clientOf(wallet, dispatch),
    crash: clientOf(crash, dispatch),
  }
}

function clientOf<C extends Contract>(
  { name, procedures }: C,
  dispatch: Edge['dispatch'],
): Client<C, [context: CallContext]> {
  const calls = Object.keys(procedures).map((procedure) => {
    const call = (input: unknown, context: CallContext) => dispatch(`${name}.${procedure}`, input, context)
    return [procedure, call] as const
  })
  // Exactly the functions that the contract names, each of which answers what its procedure's schema has let through.
  return Object.fromEntries(calls) as Client<C, [context: CallContext]>
}
