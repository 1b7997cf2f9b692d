import { type ReactNode, useEffect, useRef } from 'react'

/** The frame of every screen but the match. Whoever reads by ear or goes by keyboard begins where a new screen does. */
export function Page({ children }: { children: ReactNode }) {
  const main = useRef<HTMLElement>(null)
  useEffect(() => main.current?.focus({ preventScroll: true }), [])
  return (
    <div className="mx-auto flex min-h-dvh max-w-5xl flex-col px-5 py-6 sm:px-8">
      <header className="flex items-center gap-3">
        <svg viewBox="0 0 32 32" className="size-8" aria-hidden="true">
          <rect width="32" height="32" rx="9" fill="var(--accent)" />
          <circle cx="16" cy="16" r="6.5" fill="none" stroke="var(--on-accent)" strokeWidth="4" />
        </svg>
        <span className="text-lg font-semibold tracking-tight">Meydan</span>
      </header>
      <main ref={main} tabIndex={-1} className="flex flex-1 flex-col justify-center py-10">
        {children}
      </main>
    </div>
  )
}
