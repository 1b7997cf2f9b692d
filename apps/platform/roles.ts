import { OperatorError } from '@meydan/kernel/config'

/** What one process does. */
export interface Roles {
  readonly gateway: boolean
  readonly rooms: boolean
  /** Names of the services this process answers for, hears events for, and does the periodic work of. */
  readonly services: ReadonlySet<string>
}

/** Services that drive the room engine live where the rooms are. */
const WITH_ROOMS = new Set(['rooms'])

/**
 * `all`, or several of `gateway`, `rooms`, `services:a,b` separated by spaces or semicolons. `jobs` may be said too and adds
 * nothing: a service's events are heard where the service is, since an event that nobody has subscribed to is lost to it.
 */
export function parseRoles(text: string, known: readonly string[]): Roles {
  const words = text.split(/[\s;]+/).filter((word) => word !== '')
  if (words.includes('all')) return { gateway: true, rooms: true, services: new Set(known) }
  const services = new Set<string>()
  for (const word of words) {
    if (word === 'rooms') for (const name of WITH_ROOMS) services.add(name)
    else if (word.startsWith('services:')) addServices(services, word.slice('services:'.length), known)
    else if (word !== 'gateway' && word !== 'jobs') throw new OperatorError(unknownRole(word, known))
  }
  const gateway = words.includes('gateway')
  if (!gateway && services.size === 0) {
    throw new OperatorError(
      `MEYDAN_ROLES='${text}' leaves this process nothing to do; add gateway, rooms or services:….`,
    )
  }
  return { gateway, rooms: words.includes('rooms'), services }
}

function addServices(services: Set<string>, list: string, known: readonly string[]): void {
  for (const name of list.split(',')) {
    if (!known.includes(name) || WITH_ROOMS.has(name)) throw new OperatorError(unknownRole(`services:${name}`, known))
    services.add(name)
  }
}

function unknownRole(word: string, known: readonly string[]): string {
  const names = known.filter((name) => !WITH_ROOMS.has(name)).join(',')
  return `MEYDAN_ROLES: '${word}' is no role; use all, gateway, rooms or services: with some of ${names}.`
}

/** `identity=http://10.0.0.5:4100,players=…` as a table; a service may be listed several times. */
export function parseMesh(entries: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const addresses = new Map<string, string[]>()
  for (const entry of entries) {
    const match = /^([a-z][a-z0-9-]*)=(https?:\/\/\S+)$/.exec(entry)
    if (!match) throw new OperatorError(`MEYDAN_MESH: '${entry}' should look like identity=http://10.0.0.5:4100.`)
    const [, service = '', address = ''] = match
    addresses.set(service, [...(addresses.get(service) ?? []), address])
  }
  return addresses
}
