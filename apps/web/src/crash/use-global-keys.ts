import { type RefObject, useEffect } from 'react'

/** What uses keys itself. */
const USES_KEYS = 'a, button, input, select, textarea, summary, [role=switch], [role=menu], [contenteditable], dialog'

/**
 * Keys for who has the focus nowhere in particular: space and Enter press the form's button, digits go to its amount. A key that is held counts once.
 */
export function useGlobalKeys(form: RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const { key, target, repeat, ctrlKey, metaKey, altKey, defaultPrevented } = event
      if (ctrlKey || metaKey || altKey || defaultPrevented) return
      if (target instanceof Element && target.closest(USES_KEYS)) return
      if (key === ' ' || key === 'Enter') {
        // Space would scroll the page.
        event.preventDefault()
        if (!repeat) form.current?.requestSubmit()
      } else if (/^\d$/.test(key)) {
        // The digit itself is typed into what has the focus by then.
        form.current?.querySelector<HTMLInputElement>('input[inputmode=decimal]')?.select()
      }
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [form])
}
