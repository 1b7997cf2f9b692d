import { useEffect } from 'react'

/** Told also to whoever has another tab in front. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Meydan`
  }, [title])
}
