import type { ReactNode } from 'react'
import { usePageTitle } from '../ui/page-title.ts'

interface ColumnProps {
  readonly title: string
  /** For readers and the tab alone, when what the page shows has a name of its own. */
  readonly isTitleHidden?: boolean
  readonly lead?: string
  readonly children: ReactNode
}

/** A page that is read from top to bottom. */
export function Column({ title, isTitleHidden = false, lead, children }: ColumnProps) {
  usePageTitle(title)
  return (
    <div className="mx-auto w-full max-w-2xl">
      {!isTitleHidden && <h1 className="text-3xl font-bold tracking-tight text-balance">{title}</h1>}
      {lead !== undefined && <p className="mt-3 text-lg text-pretty text-soft">{lead}</p>}
      {children}
    </div>
  )
}
