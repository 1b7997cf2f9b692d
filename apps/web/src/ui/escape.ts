import { useEffect } from 'react'

/** Does `work` when the Escape key is pressed; a key that is held counts once. */
export function useEscape(work: () => void): void {
  useEffect(() => {
    const press = ({ key, repeat }: KeyboardEvent): void => {
      if (key === 'Escape' && !repeat) work()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [work])
}
