import type { ReactNode } from 'react'
import { Column } from './column.tsx'

/** Instead of an admins' page, for who is none. `children`: the way from here. */
export function Refused({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <Column title={title}>
      <p data-testid="refused" className="mt-3 text-lg text-pretty text-soft">
        {text}
      </p>
      <p className="mt-6">{children}</p>
    </Column>
  )
}
