import { core } from '@meydan/contracts/core'
import { USER_DELETED } from '@meydan/contracts/identity'
import { MATCH_FINISHED, matches, matchesErrors } from '@meydan/contracts/matches'
import { DELETED_PLAYER_NAME } from '@meydan/contracts/players'
import { ROOM_ENDED } from '@meydan/contracts/rooms'
import { listen } from '@meydan/kernel/events'
import { type Handlers, type Kit, service } from '@meydan/kernel/rpc'
import { recordMatch } from './recording.ts'
import { NEWCOMER, shownRating } from './rules.ts'
import {
  findMatches,
  findSkill,
  findSkills,
  findSkillsOf,
  forgetPlayer,
  isForgotten,
  type MatchesTables,
  matchIdsOf,
} from './store.ts'

/** Told to each person of a match on `user:<id>`, once it is stored and rated. */
export const MATCH_RESULT = 'MATCH_RESULT'

export interface MatchesOptions {
  /** The games in which a player can have a rating. */
  readonly games: readonly { readonly name: string }[]
}

export function matchesService(options: MatchesOptions) {
  return service({
    contract: matches,
    calls: {},
    migrations: new URL('./migrations/', import.meta.url),
    build(kit: Kit<Record<never, never>>) {
      const finished = kit.metrics.counter('meydan_matches_total', 'Matches that were finished', ['game', 'reason'])
      return {
        handlers: handlers(kit, options),
        listeners: [
          listen<typeof ROOM_ENDED, MatchesTables>(ROOM_ENDED, 'record-result', (tx, { data, traceparent }) =>
            recordMatch(tx, kit.events, data, traceparent),
          ),
          listen<typeof MATCH_FINISHED, MatchesTables>(MATCH_FINISHED, 'tell-players', async (_tx, { data }) => {
            const { game, reason, placings } = data.match
            finished(1, { game, reason })
            const people = placings.filter(({ bot }) => !bot)
            await Promise.all(
              people.map(({ playerId }) => kit.topics.publish(`user:${playerId}`, MATCH_RESULT, { match: data.match })),
            )
          }),
          listen<typeof USER_DELETED, MatchesTables>(USER_DELETED, 'forget', (tx, { data }) =>
            forgetPlayer(tx, data.userId, DELETED_PLAYER_NAME),
          ),
        ],
      }
    },
  })
}

function handlers(kit: Kit, options: MatchesOptions): Handlers<typeof matches> {
  const db = kit.db.tables<MatchesTables>()
  const games = new Set(options.games.map(({ name }) => name))
  return {
    async get({ matchId }) {
      const [match] = await findMatches(db, [matchId])
      if (!match) throw core.NOT_FOUND({ message: 'There is no such match.' })
      return match
    },
    async mine({ before, limit }, { caller }) {
      return { matches: await findMatches(db, await matchIdsOf(db, caller.playerId, before, limit)) }
    },
    async rating({ game }, { caller }) {
      if (!games.has(game)) throw matchesErrors.UNKNOWN_GAME({ details: { field: 'game' } })
      const skill = await findSkill(db, game, caller.playerId)
      return { game, rating: shownRating(skill ?? NEWCOMER), matches: skill?.matches ?? 0 }
    },
    async of({ playerId, before, limit }) {
      // Results keep the id of who deleted the account; gathering them by it would say again who that was.
      if (await isForgotten(db, playerId)) return { matches: [] }
      return { matches: await findMatches(db, await matchIdsOf(db, playerId, before, limit)) }
    },
    async ratingsOf({ playerId }) {
      const skills = await findSkillsOf(db, playerId)
      const offered = skills.filter(({ game }) => games.has(game))
      return { ratings: offered.map(({ game, matches, ...skill }) => ({ game, rating: shownRating(skill), matches })) }
    },
    async ratings({ game, playerIds }) {
      const skills = await findSkills(db, game, playerIds)
      const ratings = playerIds.map((playerId) => [playerId, shownRating(skills.get(playerId) ?? NEWCOMER)])
      return { ratings: Object.fromEntries(ratings) }
    },
  }
}
