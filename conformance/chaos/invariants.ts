import type { Engines } from './engines.ts'
import { fencingFaults, type Tenure, tenuresOf } from './fencing.ts'
import type { Installation } from './installation.ts'
import type { Person } from './person.ts'

/** What has to hold between faults. Each gives sentences about what does not. */
export interface Invariants {
  /** Of what is settled within moments, and so is asked until it is: rooms, seats and statuses agree everywhere. */
  unsettled(): Promise<string[]>
  /** Of what must never be, at any moment. */
  broken(): Promise<string[]>
}

export interface Observed {
  readonly engines: Engines
  readonly installation: Installation
  readonly people: readonly Person[]
}

interface RunningRoom {
  readonly room_id: string
  readonly process: string
}

export function createInvariants({ engines, installation, people }: Observed): Invariants {
  const rowsOf = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await engines.postgres.pool.query<Row>(text, values)).rows

  const tenures = (): Tenure[] =>
    tenuresOf(
      installation.rooms.flatMap(({ name, lives }) =>
        lives.map(({ platform, endedAtMs }) => ({ owner: name, output: platform.output(), endedAtMs })),
      ),
    )

  /** Every room runs in one process, the one that the registry names, and no process has one that is over. */
  const rooms = async (): Promise<string[]> => {
    const registered = await rowsOf<RunningRoom>(`select room_id, process from rooms.rooms where state = 'running'`)
    const owned = tenures().filter(({ untilMs }) => untilMs === undefined)
    const hidden = owned.filter(({ roomId }) => !registered.some(({ room_id }) => room_id === roomId))
    return [
      ...hidden.map(({ owner, roomId }) => `room ${roomId} is over and still runs in ${owner}`),
      ...registered.flatMap(({ room_id, process }) => {
        const owners = owned.filter(({ roomId }) => roomId === room_id).map(({ owner }) => owner)
        if (owners.length === 1 && owners[0] === process) return []
        return [`room ${room_id} is registered in ${process} and runs in ${owners.join(' and ') || 'no process'}`]
      }),
    ]
  }

  /** A player is in one room, the same by the registry, by matchmaking and by what is on the screen. */
  const places = async (person: Person): Promise<string[]> => {
    const { playerId, client } = person
    const held = await rowsOf<{ room_id: string }>('select room_id from rooms.seats where player_id = $1 and held', [
      playerId,
    ])
    const status = await client.call.matchmaking.status({})
    const says = status.state === 'playing' ? [status.roomId] : []
    const shows = person.roomId === undefined ? says : [person.roomId]
    const all = [held.map(({ room_id }) => room_id), says, shows].map((rooms) => rooms.join(' and ') || 'no room')
    if (new Set(all).size === 1 && held.length <= 1) return []
    return [`player ${playerId} holds a seat in ${all[0]}, is said to be in ${all[1]} and sees ${all[2]}`]
  }

  /** A match that was played to its end has its result, and nothing waits for the bus. */
  const results = async (): Promise<string[]> => {
    const missing = await rowsOf<{ room_id: string }>(
      `select room_id from rooms.rooms where state = 'over' and reason not in ('lost', 'refused', 'abandoned')
       and not exists (select from matches.matches where match_id = room_id)`,
    )
    return missing.map(({ room_id }) => `room ${room_id} is over and has no result`)
  }

  const ready = async (): Promise<string[]> => {
    const answers = await Promise.all(
      installation.members.map(async ({ name, url }) => {
        const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(3_000) })
        return answer.ok ? [] : [`${name} is not ready: ${await answer.text()}`]
      }),
    )
    return answers.flat()
  }

  const lostMatches = async (): Promise<string[]> => {
    const lost = await rowsOf<{ room_id: string }>(`select room_id from rooms.rooms where reason = 'lost'`)
    return lost.map(({ room_id }) => `room ${room_id} was lost`)
  }

  /** A rating counts its matches; a match has one result, by its primary key. */
  const ratings = async (): Promise<string[]> => {
    const wrong = await rowsOf<{ player_id: string; counted: number; played: number }>(
      `select player_id, matches as counted, played from matches.ratings join
       (select player_id, game, count(*)::int as played from matches.placings join matches.matches using (match_id)
        where rating_after is not null group by player_id, game) as placed using (player_id, game) where matches <> played`,
    )
    return wrong.map((row) => `player ${row.player_id} was rated ${row.counted} times for ${row.played} matches`)
  }

  const writes = async (person: Person): Promise<string[]> => {
    const { playerId } = person
    // The crowd goes on talking while this looks.
    const [said, before] = [[...person.said], person.names]
    const kept = await rowsOf<{ key: string }>('select key from feedback.feedback where player_id = $1', [playerId])
    const keys = new Set(kept.map(({ key }) => key))
    const lost = said.filter((key) => !keys.has(key)).map((key) => `feedback ${key} was acknowledged and is lost`)
    const [profile] = await rowsOf<{ display_name: string }>(
      'select display_name from players.profiles where player_id = $1',
      [playerId],
    )
    if (profile && [...before, ...person.names].includes(profile.display_name)) return lost
    return [
      ...lost,
      `player ${playerId} is called ${profile?.display_name}, which was never the last acknowledged name`,
    ]
  }

  const died = (): string[] =>
    installation.members.flatMap(({ name, lives }) =>
      lives
        .filter(({ endedAtMs, wanted }) => endedAtMs !== undefined && !wanted)
        .map(({ platform }) => `${name} ended by itself:\n${platform.output().slice(-2_000)}`),
    )

  return {
    async unsettled() {
      return (await Promise.all([rooms(), results(), ready(), ...people.map(places)])).flat()
    },
    async broken() {
      const met = people.flatMap(({ playerId, faults }) => faults.map((fault) => `player ${playerId}: ${fault}`))
      const stored = await Promise.all([lostMatches(), ratings(), ...people.map(writes)])
      return [...fencingFaults(tenures()), ...died(), ...met, ...stored.flat()]
    },
  }
}
