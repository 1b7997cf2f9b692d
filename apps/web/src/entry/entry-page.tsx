import type { ReactNode } from 'react'

/** One form, in the middle of the page. */
export function EntryPage({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className="mx-auto my-auto flex w-full max-w-md flex-col gap-6">
      <div>
        <h1 className="text-3xl font-bold tracking-tight text-balance">{title}</h1>
        <p className="mt-2 text-pretty text-soft">{text}</p>
      </div>
      {children}
    </div>
  )
}
