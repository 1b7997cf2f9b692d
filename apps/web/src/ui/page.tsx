import type { ReactNode } from 'react'

/** The frame of every screen but the match. */
export function Page({ children }: { children: ReactNode }) {
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-5 py-6 sm:px-8">
      <header className="flex items-center gap-3">
        <svg viewBox="0 0 32 32" className="size-8" aria-hidden="true">
          <rect width="32" height="32" rx="9" fill="var(--accent)" />
          <circle cx="16" cy="16" r="6.5" fill="none" stroke="var(--on-accent)" strokeWidth="4" />
        </svg>
        <span className="text-lg font-semibold tracking-tight">Meydan</span>
      </header>
      <main className="flex flex-1 flex-col justify-center py-10">{children}</main>
    </div>
  )
}
