import type { Match } from '@meydan/contracts/matches'
import { Person } from '../community/person.tsx'
import { useProfiles } from '../community/profiles.ts'
import { othersIn } from '../history/reading.ts'
import { useText } from '../i18n/i18n.ts'
import { usePlayerId } from '../session.ts'

/** The people of a match besides the player: who they are, and who of them is still there. */
export function PlayedWith({ match }: { match: Match }) {
  const t = useText('people')
  const others = othersIn(match, usePlayerId() ?? undefined)
  const profileOf = useProfiles(others.map(({ playerId }) => playerId))
  return (
    <section aria-labelledby="played-with" data-testid="played-with">
      <h2 id="played-with" className="mb-2 text-sm font-semibold text-soft">
        {t('playedWith')}
      </h2>
      {others.length === 0 ? (
        <p className="text-soft">{t('alone')}</p>
      ) : (
        <ul className="flex flex-wrap gap-x-6 gap-y-1">
          {others.map(({ playerId, name }) => (
            <li key={playerId} className="max-w-full min-w-0">
              <Person playerId={playerId} name={name} profile={profileOf(playerId)} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
