import { CORES, startOn } from '../measure/child.ts'
import { type ClusterAsked, ClusterRunning, type RunningMember } from './messages.ts'

/** A platform of several real processes; Postgres and Redis share the load's core. It never outlives this process. */
export interface Cluster extends ClusterRunning {
  /** The member of that name. Throws for one that is not there. */
  member(name: string): RunningMember
  /** Ports of the members whose names begin so. */
  portsOf(prefix: string): number[]
  stop(): Promise<void>
}

export async function startCluster(asked: ClusterAsked): Promise<Cluster> {
  const keeper = startOn(CORES.load, new URL('keeper.ts', import.meta.url), [])
  try {
    const running = ClusterRunning.parse(await keeper.ask(asked))
    return {
      ...running,
      member(name) {
        const found = running.members.find((member) => member.name === name)
        if (!found) throw new Error(`the cluster has no process ${name}`)
        return found
      },
      portsOf: (prefix) => running.members.flatMap(({ name, port }) => (name.startsWith(prefix) ? [port] : [])),
      stop: () => keeper.stop(),
    }
  } catch (error) {
    await keeper.stop()
    throw error
  }
}
