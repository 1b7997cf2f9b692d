import { useEffect } from 'react'

/** Does `work` when the Escape key is pressed; a key that is held counts once, and one that has closed a menu not at all. */
export function useEscape(work: () => void): void {
  useEffect(() => {
    const press = ({ key, repeat, defaultPrevented }: KeyboardEvent): void => {
      if (key === 'Escape' && !repeat && !defaultPrevented) work()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [work])
}
