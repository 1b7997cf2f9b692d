import type { Contract } from '@meydan/contracts/core'

/** A contract as far as it says who can be asked. */
export type Wanted = Pick<Contract, 'name' | 'version'>

/** Where services are. */
export interface Discovery {
  /**
   * Base addresses (`http://10.0.0.7:4100`) of the processes that answer for the contract; none when nobody does.
   * Rejects with VERSION_MISMATCH when those who do are all known to hold another version of it.
   */
  resolve(contract: Wanted): Promise<readonly string[]>
}

/** A list that an operator wrote down. */
export function staticDiscovery(addresses: Readonly<Record<string, readonly string[]>>): Discovery {
  return { resolve: async ({ name }) => addresses[name] ?? [] }
}
