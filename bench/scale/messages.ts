import { IdentityKeys } from '@meydan/services/identity'
import { z } from 'zod'

/** What the processes of the benchmark say to each other over IPC, one answer for one message. */

/** A process of the platform: what it does, and the core it is kept on. */
export const Member = z.object({
  name: z.string(),
  roles: z.string(),
  core: z.int(),
  settings: z.record(z.string(), z.string()),
})
export type Member = z.infer<typeof Member>

export const ClusterAsked = z.object({
  members: z.array(Member),
  /** For all members. */
  settings: z.record(z.string(), z.string()),
  /** Without a Redis a member is alone. */
  redis: z.boolean(),
})
export type ClusterAsked = z.infer<typeof ClusterAsked>

const RunningMember = z.object({ name: z.string(), pid: z.int(), port: z.int(), meshPort: z.int() })
export type RunningMember = z.infer<typeof RunningMember>

export const ClusterRunning = z.object({
  members: z.array(RunningMember),
  postgresUrl: z.string(),
  /** The process whose child Postgres is. */
  postgresParent: z.int(),
  redis: z.object({ pid: z.int(), port: z.int() }).nullable(),
})
export type ClusterRunning = z.infer<typeof ClusterRunning>

/** What the process with the players is told. */
export const PeopleAsked = z.discriminatedUnion('ask', [
  /** So many more, spread over the gateways, each with a session; their numbers begin with `first`. */
  z.object({ ask: z.literal('connect'), ports: z.array(z.int()), keys: IdentityKeys, first: z.int(), count: z.int() }),
  /** The same, but all of them sockets of one player. */
  z.object({ ask: z.literal('crowd'), ports: z.array(z.int()), keys: IdentityKeys, player: z.int(), count: z.int() }),
  /** Everybody plays, once they are somewhere, with an input every so often. */
  z.object({ ask: z.literal('inputs'), everyMs: z.number() }),
  /** Those from number `first` on take their seats, `roomIds` in fives. */
  z.object({ ask: z.literal('join'), first: z.int(), roomIds: z.array(z.string()) }),
  /** So many ask for a match, and with `again` for another as soon as theirs is over. Answers when all have asked. */
  z.object({ ask: z.literal('queue'), game: z.string(), first: z.int(), count: z.int(), again: z.boolean() }),
  /** Nobody asks any more, and who waits leaves the queue. */
  z.object({ ask: z.literal('rest') }),
  /** Answers when so many events of topics have come since the beginning. */
  z.object({ ask: z.literal('expect'), events: z.int() }),
  z.object({ ask: z.literal('count') }),
])
export type PeopleAsked = z.infer<typeof PeopleAsked>

/** Since the beginning. */
export const PeopleCounted = z.object({
  connected: z.int(),
  playing: z.int(),
  /** Matches that were joined. */
  joined: z.int(),
  snapshots: z.int(),
  inputs: z.int(),
  events: z.int(),
  /** Calls that a server was too busy for. */
  askedAgain: z.int(),
  bytesReceived: z.int(),
  bytesSent: z.int(),
  /** Of this process itself. */
  cpuUs: z.int(),
})
export type PeopleCounted = z.infer<typeof PeopleCounted>
