import { type ProcessEntry, processes } from './proc.ts'

/**
 * CPU time that the Postgres started by process `parent` has used so far, its connections included, µs; null where the system does not
 * say (it is read from `/proc`).
 */
export async function postgresCpuUs(parent: number): Promise<number | null> {
  return process.platform === 'linux' ? postgresUsAmong(await processes(), parent) : null
}

/** The same among processes that have been read already; null when there is no Postgres of that parent's. */
export function postgresUsAmong(all: readonly ProcessEntry[], parent: number): number | null {
  const servers = all.filter(({ name, parent: its }) => name === 'postgres' && its === parent)
  let us = 0
  for (const server of servers) {
    us += server.ownUs + server.endedChildrenUs
    for (const { parent: its, ownUs } of all) if (its === server.pid) us += ownUs
  }
  return servers.length > 0 ? us : null
}
