import { quietLog, quietMetrics } from '@meydan/conformance/harness'
import { rooms } from '@meydan/contracts/rooms'
import { idMaker } from '@meydan/kernel/ids'
import { clientsFor, meshLink, openContext, type ServiceKeys, serviceTokens, staticDiscovery } from '@meydan/kernel/rpc'
import { systemClock as clock } from '@meydan/kernel/time'
import { playerIdOf } from '../sockets/tokens.ts'
import type { RunningMember } from './messages.ts'

const GAME = 'arena'
export const SEATS = 5
/** No process of a benchmark has this number. */
const NODE = 1_000
/** The arena's longest. */
const MATCH_MS = 180_000

/** Opens rooms in a process of one's choice, as matchmaking would if it could choose. */
export interface Opener {
  /** So many rooms of five, whose players' numbers begin with `first`; gives their ids. */
  open(at: RunningMember, count: number, first: number): Promise<string[]>
  close(): Promise<void>
}

export function roomOpener(keys: ServiceKeys): Opener {
  const nextId = idMaker(clock, NODE)
  const tokens = serviceTokens(keys, clock)
  const addresses: Record<string, string[]> = {}
  const link = meshLink({ discovery: staticDiscovery(addresses), tokens, log: quietLog, metrics: quietMetrics, clock })
  const calls = clientsFor('matchmaking', { rooms }, () => link, clock)
  return {
    async open(at, count, first) {
      addresses.rooms = [`http://127.0.0.1:${at.meshPort}`]
      const roomIds: string[] = []
      for (let room = 0; room < count; room++) {
        const roomId = nextId()
        const seats = Array.from({ length: SEATS }, (_, seat) => {
          const player = first + room * SEATS + seat
          return { playerId: playerIdOf(player), name: `P${player}`, bot: false }
        })
        const context = openContext({ caller: { kind: 'service', service: 'matchmaking' }, clock, log: quietLog })
        await calls.rooms.open({ roomId, game: GAME, seats, options: { warmupMs: 0, matchMs: MATCH_MS } }, context)
        roomIds.push(roomId)
      }
      return roomIds
    },
    close: () => link.close(),
  }
}
