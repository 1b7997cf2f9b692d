import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useAccount } from '../account/use-account.ts'
import { client } from '../client.ts'
import { useText } from '../i18n/i18n.ts'
import { End } from '../match/end.tsx'
import { PlayedWith } from '../player/played-with.tsx'
import { queries } from '../queries.ts'
import { EarnedHere } from '../rewards/earned-here.tsx'
import type { MatchResult } from '../stage.ts'
import { Button, buttonLook } from '../ui/button.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { rankedLines } from './ranking.ts'

interface ResultProps {
  readonly result: MatchResult
  readonly onAgain: () => void
  readonly onHome: () => void
}

export function Result({ result, onAgain, onHome }: ResultProps) {
  const t = useText('play')
  usePageTitle(t('titleResult'))
  const { data: match = null, isError } = useQuery(queries.endedMatch(result.roomId))
  const lines = rankedLines(result.lines, match)
  return (
    <div className="m-auto w-full">
      <End
        lines={lines}
        match={match}
        isMissing={isError}
        facts={result.facts ?? []}
        playerId={client.player?.playerId}
        more={
          <>
            <EarnedHere />
            <Keep />
          </>
        }
      >
        <Button data-testid="again" onClick={onAgain}>
          {t('again')}
        </Button>
        <Button look="quiet" data-testid="home" onClick={onHome}>
          {t('toBoard')}
        </Button>
      </End>
      {/* As high as a row of people: they are known a moment after the result, and must not push it about. */}
      <div className="mx-auto mt-8 min-h-20 max-w-lg">{match && <PlayedWith match={match} />}</div>
    </div>
  )
}

/** A guest's rating is gone with the browser, so this is the moment to say so. */
function Keep() {
  const t = useText('play')
  const tFrame = useText('frame')
  const { isGuest } = useAccount()
  if (!isGuest) return null
  return (
    <div className="mt-4 flex flex-wrap items-center justify-between gap-2 rounded-2xl border border-line bg-card py-2 pr-2 pl-4 text-sm">
      <p>{t('keep')}</p>
      <Link to="/sign-up" className={buttonLook('quiet', 'small')}>
        {tFrame('signUp')}
      </Link>
    </div>
  )
}
