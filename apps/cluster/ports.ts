import { once } from 'node:events'
import { createServer } from 'node:net'
import { OperatorError } from '@meydan/kernel/config'
import { MEMBERS } from './roles.ts'

/** Where the parts of a cluster listen, on loopback. */
export interface ClusterPorts {
  /** Of nginx. */
  readonly entrance: number
  /** The n-th is the n-th member's. */
  readonly members: readonly number[]
  readonly redis: number
}

/** How many a cluster takes. */
export const PORTS = MEMBERS.length + 2

/** Throws unless there are `PORTS`. */
export function portsOf(ports: readonly number[]): ClusterPorts {
  const [entrance, ...rest] = ports
  const redis = rest.pop()
  if (entrance === undefined || redis === undefined || rest.length !== MEMBERS.length) {
    throw new Error(`a cluster takes ${PORTS} ports, not ${ports.length}`)
  }
  return { entrance, members: rest, redis }
}

/** Throws an OperatorError that names each port that somebody else listens at. */
export async function claimPorts({ entrance, members, redis }: ClusterPorts, hasOwnRedis: boolean): Promise<void> {
  const wanted: [port: number, of: string][] = [
    [entrance, 'nginx'],
    ...members.map((port, index): [number, string] => [port, MEMBERS[index]?.name ?? '']),
    ...(hasOwnRedis ? [[redis, 'redis'] satisfies [number, string]] : []),
  ]
  const free = await Promise.all(wanted.map(([port]) => isFree(port)))
  const taken = wanted.filter((_, index) => !free[index]).map(([port, of]) => `${port} (of ${of})`)
  if (taken.length === 0) return
  throw new OperatorError(
    `Taken: port ${taken.join(', ')}. Stop what listens there, or move all of the cluster: npm run cluster -- --port 5000.`,
  )
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false
    throw error
  } finally {
    server.close()
  }
}
