import type { Contract } from '@meydan/contracts/core'

/**
 * Calls that keep a connected player present, and with which of its heartbeats each is made. Who waits is forgotten after 40 s (A5), who is online
 * after 5 minutes (A9): once a minute is enough for that.
 */
const CALLS = [
  { name: 'matchmaking.stillHere', everyBeats: 1 },
  { name: 'players.heartbeat', everyBeats: 4 },
] as const

/**
 * What is due with a connection's beats, counted from 0, which is its hello and says everything; only what the platform has. The connection's
 * number spreads the rest, so that many who came at once do not go on calling at once.
 */
export function presenceCalls(contracts: readonly Contract[]): (beat: number, connection: number) => string[] {
  const offered = CALLS.filter(({ name }) => isOffered(contracts, name))
  return (beat, connection) =>
    offered.flatMap(({ name, everyBeats }) => (beat === 0 || (beat + connection) % everyBeats === 0 ? [name] : []))
}

function isOffered(contracts: readonly Contract[], call: string): boolean {
  const [name, procedure = ''] = call.split('.')
  return contracts.some((contract) => contract.name === name && Object.hasOwn(contract.procedures, procedure))
}
