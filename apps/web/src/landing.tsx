import { type FormEvent, useState } from 'react'
import { Board } from './board.tsx'
import { askedGame, game, otherGames } from './client.ts'
import { Button } from './ui/button.tsx'
import { Page } from './ui/page.tsx'
import { HAS_THUMBS } from './ui/pointer.ts'
import { Scene } from './ui/scene.tsx'

interface LandingProps {
  readonly isBusy: boolean
  readonly problem: string | null
  /** Whether the player has been here before. */
  readonly known: boolean
  readonly onPlay: (name?: string) => void
}

const NAME_MAX = 32

export function Landing({ isBusy, problem, known, onPlay }: LandingProps) {
  return (
    <Page>
      <div className="grid grid-cols-1 items-center gap-10 lg:grid-cols-[1.1fr_1fr] lg:gap-16">
        <section>
          <Pitch />
          <Entrance isBusy={isBusy} problem={problem} known={known} onPlay={onPlay} />
          {game?.name === 'arena' && <Controls />}
          <OtherGames />
        </section>
        <div className="flex min-w-0 flex-col gap-5">
          {game?.name === 'arena' && <Scene />}
          <Board />
        </div>
      </div>
    </Page>
  )
}

function Pitch() {
  const isArena = game?.name === 'arena'
  return (
    <>
      <h1 className="text-4xl font-bold tracking-tight text-balance sm:text-5xl">
        {isArena ? 'Three minutes in the arena.' : game?.title}
      </h1>
      <p className="mt-4 max-w-md text-lg text-pretty text-soft">
        {isArena
          ? 'Three to five players, one field. Move, aim, don’t get hit. If nobody is around, bots take the empty seats.'
          : `For ${seatsOf()}. If nobody is around, bots take the empty seats.`}
      </p>
      {askedGame !== game?.name && (
        <p className="mt-3 text-sm text-warn">There is no game called “{askedGame}” here, so this is the first one.</p>
      )}
    </>
  )
}

function seatsOf(): string {
  const { min = 1, max = 1 } = game?.seats ?? {}
  return min === max ? `${max} players` : `${min} to ${max} players`
}

function Entrance({ isBusy, problem, known, onPlay }: LandingProps) {
  const [name, setName] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onPlay(name.trim() || undefined)
  }
  return (
    <form onSubmit={submit} className="mt-8 flex max-w-sm flex-col gap-3">
      {!known && (
        <label className="flex flex-col gap-1.5 text-sm text-soft">
          Your name, if you like
          <input
            data-testid="name"
            value={name}
            maxLength={NAME_MAX}
            autoComplete="nickname"
            onChange={(event) => setName(event.target.value)}
            className="min-h-12 rounded-xl border border-edge bg-card px-4 text-base text-ink"
          />
        </label>
      )}
      <Button data-testid="play" type="submit" disabled={isBusy}>
        {isBusy ? 'One moment …' : known ? 'Play' : 'Play as guest'}
      </Button>
      <div role="alert">
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
    ['Move', 'Left thumb'],
    ['Aim and fire', 'Right thumb'],
    ['Weapon', 'Its tile, above the field'],
  ],
  keys: [
    ['Move', 'W A S D or arrow keys'],
    ['Aim', 'Mouse, or Q and E'],
    ['Fire', 'Click or space'],
    ['Weapon', '1, 2 or F'],
    ['Leave', 'Esc, twice'],
  ],
} as const

function Controls() {
  return (
    <dl className="mt-8 grid max-w-md grid-cols-[auto_1fr] gap-x-4 gap-y-1.5 text-sm text-soft">
      {CONTROLS[HAS_THUMBS ? 'thumbs' : 'keys'].map(([what, how]) => (
        <div key={what} className="contents">
          <dt className="font-semibold text-ink">{what}</dt>
          <dd>{how}</dd>
        </div>
      ))}
    </dl>
  )
}

function OtherGames() {
  if (otherGames.length === 0) return null
  return (
    <nav aria-label="Other games" className="mt-8 flex flex-wrap items-center gap-2 text-sm">
      <span className="text-soft">Also here:</span>
      {otherGames.map(({ name, title }) => (
        <a
          key={name}
          href={`?game=${name}`}
          className="flex min-h-11 items-center rounded-lg border border-edge px-4 font-semibold hover:border-accent"
        >
          {title}
        </a>
      ))}
    </nav>
  )
}
