import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import type { Cache } from '../storage/index.ts'
import { type Log, sparing } from '../telemetry/index.ts'
import type { Clock } from '../time/index.ts'
import type { Discovery } from './discovery.ts'
import { versionMismatch } from './version.ts'

const Node = z.object({
  processId: z.string(),
  /** Base address of its mesh server: `http://10.0.0.7:4100`. Null in a process that answers for no service. */
  address: z.string().nullable(),
  /** Base address of its `/livez`, `/readyz` and `/metrics`. Null in one of a version that did not tell. */
  watchUrl: z.string().nullable().default(null),
  services: z.array(z.string()),
  /** Versions of their contracts; one that is not there is taken to be the caller's. */
  contracts: z.record(z.string(), z.number().int()).default({}),
  region: z.string(),
  version: z.string(),
  startedAtMs: z.number(),
})
/** A process as it announces itself. */
export type Node = z.infer<typeof Node>

/** A process that fell silent without having taken leave. */
export interface Lost {
  readonly processId: string
  readonly sinceMs: number
}

export interface RegistryOptions {
  readonly cache: Cache
  readonly clock: Clock
  readonly log: Log
}

/** Which processes live, as each announces it once a second. Discovery of services that needs no list from an operator. */
export interface Registry extends Discovery {
  readonly nodes: readonly Node[]
  /** Those that fell silent within the last hour. */
  readonly lost: readonly Lost[]
  /** Looks who is there, now and once a second. Throws while the cache is away. */
  start(): Promise<void>
  /** Announces this process from now on. */
  join(self: Node): Promise<void>
  /** Base address of a process; undefined when it is not known to live. */
  addressOf(processId: string): Promise<string | undefined>
  /** Takes this process off the list. Resolves when all others have looked since and call it no more. */
  leave(): Promise<void>
  stop(): void
}

const ANNOUNCE_EVERY_MS = 1_000
/** Who has not announced itself for so long is gone. By the cache's clock: those of the processes differ. */
const NODE_MS = 3_000
const LIST_MS = 60 * 60 * 1_000
/** A look each second, and what it takes on a busy machine. */
const UNHEARD_OF_MS = 1_500
const NODES_MAX = 1_024
const LIST = 'nodes'

const keyOf = (processId: string): string => `node:${processId}`

export function nodeRegistry({ cache, clock, log }: RegistryOptions): Registry {
  const said = sparing(log)
  let self: Node | undefined
  let nodes: readonly Node[] = []
  let lost: readonly Lost[] = []
  let timer: NodeJS.Timeout | undefined

  const read = async (processId: string): Promise<Node | undefined> => {
    const parsed = Node.safeParse(await cache.get(keyOf(processId)))
    return parsed.success ? parsed.data : undefined
  }

  const announce = async (): Promise<void> => {
    if (!self) return
    await cache.set(keyOf(self.processId), self, NODE_MS)
    await cache.sorted.add(LIST, self.processId, clock.now(), LIST_MS)
  }

  const look = async (): Promise<void> => {
    const listed = await cache.sorted.top(LIST, 0, NODES_MAX - 1)
    const found = await Promise.all(listed.map(({ member }) => read(member)))
    const silentSinceMs = clock.now() - LIST_MS
    for (const { member, score } of listed) if (score < silentSinceMs) await cache.sorted.remove(LIST, member)
    nodes = found.filter((node) => node !== undefined)
    lost = listed.flatMap(({ member: processId, score: sinceMs }, index) =>
      found[index] || sinceMs < silentSinceMs ? [] : [{ processId, sinceMs }],
    )
  }

  /** While the cache is away, those who were there last are believed to be there still. */
  const turn = async (): Promise<void> => {
    try {
      await announce()
      await look()
    } catch (error) {
      said.warn('registry', { err: error }, 'the registry of processes cannot be read; the last list is used')
    }
  }

  return {
    get nodes() {
      return nodes
    },
    get lost() {
      return lost
    },
    async start() {
      await look()
      timer = setInterval(() => void turn(), ANNOUNCE_EVERY_MS)
    },
    async join(as) {
      self = as
      await announce()
    },
    async resolve({ name, version }) {
      const answering = nodes.filter(({ services }) => services.includes(name))
      const speaking = answering.filter(({ contracts }) => (contracts[name] ?? version) === version)
      if (speaking.length === 0 && answering.length > 0) {
        const spoken = answering.map(({ processId, contracts }) => [processId, contracts[name] ?? version] as const)
        throw versionMismatch({ name, version }, Object.fromEntries(spoken))
      }
      return speaking.flatMap(({ address }) => address ?? [])
    },
    async addressOf(processId) {
      const known = nodes.find((node) => node.processId === processId)
      return (known ?? (await read(processId)))?.address ?? undefined
    },
    async leave() {
      const left = self
      self = undefined
      if (!left) return
      await cache.delete(keyOf(left.processId))
      await cache.sorted.remove(LIST, left.processId)
      if (left.services.length > 0) await delay(UNHEARD_OF_MS)
    },
    stop: () => clearInterval(timer),
  }
}

/** Lists that are looked into one after the other: the first that knows an address decides. */
export function firstOf(...lists: readonly Discovery[]): Discovery {
  return {
    async resolve(contract) {
      for (const list of lists) {
        const addresses = await list.resolve(contract)
        if (addresses.length > 0) return addresses
      }
      return []
    },
  }
}
