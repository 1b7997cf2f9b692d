import { type FormEvent, useState } from 'react'
import { Board } from './board.tsx'
import { Button } from './ui/button.tsx'
import { Page } from './ui/page.tsx'

interface LandingProps {
  readonly isBusy: boolean
  readonly problem: string | null
  /** Whether the player has been here before. */
  readonly known: boolean
  readonly onPlay: (name?: string) => void
}

const NAME_MAX = 32

export function Landing({ isBusy, problem, known, onPlay }: LandingProps) {
  const [name, setName] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    onPlay(name.trim() || undefined)
  }
  return (
    <Page>
      <div className="grid items-start gap-12 md:grid-cols-[1.1fr_1fr]">
        <section>
          <h1 className="text-4xl font-bold tracking-tight sm:text-5xl">Three minutes in the arena.</h1>
          <p className="mt-4 max-w-md text-lg text-soft">
            Three to five players, one field. Move, aim, don’t get hit. If nobody is around, bots take the empty seats.
          </p>
          <form onSubmit={submit} className="mt-8 flex max-w-sm flex-col gap-3">
            {!known && (
              <label className="flex flex-col gap-1 text-sm text-soft">
                Your name, if you like
                <input
                  data-testid="name"
                  value={name}
                  maxLength={NAME_MAX}
                  autoComplete="nickname"
                  onChange={(event) => setName(event.target.value)}
                  className="min-h-12 rounded-xl border border-line bg-card px-4 text-base text-ink"
                />
              </label>
            )}
            <Button data-testid="play" type="submit" disabled={isBusy}>
              {isBusy ? 'One moment …' : known ? 'Play' : 'Play as guest'}
            </Button>
            <p role="alert" className="min-h-6 text-sm text-warn">
              {problem}
            </p>
          </form>
          <dl className="mt-4 grid max-w-sm grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm text-soft">
            <dt className="font-semibold text-ink">Move</dt>
            <dd>WASD or arrows; left thumb</dd>
            <dt className="font-semibold text-ink">Aim, fire</dt>
            <dd>Mouse; right thumb; space</dd>
          </dl>
        </section>
        <Board />
      </div>
    </Page>
  )
}
