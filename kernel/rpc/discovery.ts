/** Where services are. */
export interface Discovery {
  /** Base addresses (`http://10.0.0.7:4100`) of the processes that answer for the service; none when nobody does. */
  resolve(service: string): Promise<readonly string[]>
}

/** A list that an operator wrote down. */
export function staticDiscovery(addresses: Readonly<Record<string, readonly string[]>>): Discovery {
  return { resolve: async (service) => addresses[service] ?? [] }
}
