import type { ReactNode } from 'react'
import { useText } from '../i18n/i18n.ts'
import { Button } from './button.tsx'

interface EmptyProps {
  readonly title: string
  readonly text?: string
  /** 1 when it is the whole page. */
  readonly level?: 1 | 2
  /** What to do about it. */
  readonly children?: ReactNode
}

/** There is nothing yet, and what would change that. */
export function Empty({ title, text, level = 2, children }: EmptyProps) {
  const Title = level === 1 ? 'h1' : 'h2'
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 py-12 text-center">
      <svg
        viewBox="0 0 64 64"
        aria-hidden="true"
        className="size-16 text-edge"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
      >
        <circle cx="32" cy="32" r="26" strokeDasharray="6 7" />
        <circle cx="32" cy="32" r="9" />
      </svg>
      <Title className="text-xl font-semibold tracking-tight">{title}</Title>
      {text !== undefined && <p className="text-pretty text-soft">{text}</p>}
      {children}
    </div>
  )
}

interface ErrorStateProps {
  readonly title: string
  readonly text?: string
  readonly action?: string
  readonly onAgain: () => void
}

/** It could not be read or shown; trying again may help. */
export function ErrorState({ title, text, action, onAgain }: ErrorStateProps) {
  const t = useText('frame')
  return (
    <div role="alert" className="mx-auto flex max-w-md flex-col items-center gap-3 py-10 text-center">
      <p className="font-semibold text-balance text-warn">{title}</p>
      {text !== undefined && <p className="text-sm text-pretty text-soft">{text}</p>}
      <Button look="quiet" size="small" data-testid="again-read" onClick={onAgain}>
        {action ?? t('again')}
      </Button>
    </div>
  )
}
