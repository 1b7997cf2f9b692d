import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useGame } from '../games.ts'
import { useText } from '../i18n/i18n.ts'
import { Board } from '../leaderboards/board.tsx'
import { usePlayerId } from '../session.ts'
import { Button, buttonLook } from '../ui/button.tsx'
import { Card } from '../ui/card.tsx'
import { Field } from '../ui/field.tsx'
import { usePageTitle } from '../ui/page-title.ts'
import { HAS_THUMBS } from '../ui/pointer.ts'
import { LiveScene } from './live-scene.tsx'

interface LandingProps {
  readonly isBusy: boolean
  readonly problem: string | null
  readonly onPlay: (game: string, name?: string) => void
}

const NAME_MAX = 32
const LINES_SHOWN = 5

export function Landing({ isBusy, problem, onPlay }: LandingProps) {
  const t = useText('boards')
  const { game, name, isArena } = useGame()
  usePageTitle(game?.title ?? 'Arena')
  return (
    <div className="my-auto grid grid-cols-1 items-center gap-10 lg:grid-cols-[1.1fr_1fr] lg:gap-16">
      <section>
        <Pitch />
        <Entrance isBusy={isBusy} problem={problem} onPlay={(as) => onPlay(name, as)} />
        {isArena && <Controls />}
        <OtherGames />
      </section>
      <div className="flex min-w-0 flex-col gap-5">
        {isArena && <LiveScene />}
        <Card title={t('one')}>
          <Board game={name} lines={LINES_SHOWN} />
          <Link to="/leaderboards" className={`self-start ${buttonLook('quiet', 'small')}`}>
            {t('more')}
          </Link>
        </Card>
      </div>
    </div>
  )
}

function Pitch() {
  const t = useText('play')
  const { game, isArena, missing } = useGame()
  const { min = 1, max = 1 } = game?.seats ?? {}
  return (
    <>
      <h1 className="text-4xl font-bold tracking-tight text-balance sm:text-5xl">
        {isArena ? t('pitch') : game?.title}
      </h1>
      <p className="mt-4 max-w-md text-lg text-pretty text-soft">
        {isArena ? t('pitchText') : min === max ? t('pitchOther', { count: max }) : t('pitchRange', { min, max })}
      </p>
      {missing !== null && <p className="mt-3 text-sm text-warn">{t('noSuchGame', { name: missing })}</p>}
    </>
  )
}

interface EntranceProps extends Omit<LandingProps, 'onPlay'> {
  readonly onPlay: (name?: string) => void
}

function Entrance({ isBusy, problem, onPlay }: EntranceProps) {
  const t = useText('play')
  const isKnown = usePlayerId() !== null
  const [name, setName] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onPlay(name.trim() || undefined)
  }
  return (
    <form onSubmit={submit} className="mt-8 flex max-w-sm flex-col gap-3">
      {!isKnown && (
        <Field
          label={t('name')}
          data-testid="name"
          value={name}
          onValue={setName}
          maxLength={NAME_MAX}
          autoComplete="nickname"
        />
      )}
      <Button data-testid="play" type="submit" disabled={isBusy} className="min-h-14 text-lg">
        {isBusy ? t('oneMoment') : isKnown ? t('play') : t('playAsGuest')}
      </Button>
      {!isKnown && (
        <Link to="/sign-in" className={buttonLook('plain', 'small')}>
          {t('haveAccount')}
        </Link>
      )}
      <div role="alert" className="empty:-mt-3">
        {problem !== null && (
          <p data-testid="problem" className="rounded-xl border border-warn px-4 py-3 text-sm text-warn">
            {problem}
          </p>
        )}
      </div>
    </form>
  )
}

const CONTROLS = {
  thumbs: [
    ['move', 'leftThumb'],
    ['aimAndFire', 'rightThumb'],
    ['weapon', 'weaponTile'],
  ],
  keys: [
    ['move', 'moveKeys'],
    ['aim', 'aimKeys'],
    ['fire', 'fireKeys'],
    ['weapon', 'weaponKeys'],
    ['leave', 'leaveKeys'],
  ],
} as const

function Controls() {
  const t = useText('play')
  return (
    <dl className="mt-8 grid max-w-md grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm text-soft">
      {CONTROLS[HAS_THUMBS ? 'thumbs' : 'keys'].map(([what, how]) => (
        <div key={what} className="contents">
          <dt className="font-semibold text-ink">{t(what)}</dt>
          <dd>{t(how)}</dd>
        </div>
      ))}
    </dl>
  )
}

function OtherGames() {
  const t = useText('play')
  const { others } = useGame()
  if (others.length === 0) return null
  return (
    <nav aria-label={t('otherGames')} className="mt-8 flex flex-wrap items-center gap-2 text-sm">
      <span className="text-soft">{t('alsoHere')}</span>
      {others.map(({ name, title }) => (
        <Link
          key={name}
          to="/"
          search={{ game: name }}
          className="flex min-h-11 items-center rounded-lg border border-edge px-4 font-semibold hover:border-accent"
        >
          {title}
        </Link>
      ))}
    </nav>
  )
}
