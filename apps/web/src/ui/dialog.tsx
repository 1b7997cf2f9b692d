import { type ReactNode, useEffect, useId, useRef } from 'react'

interface DialogProps {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}

/** The browser's own dialog: it keeps the focus in, closes on Escape, and needs no <style> (menu.tsx says why that counts). */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => closeBeside(dialog.current), [])
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      className="m-auto w-[min(28rem,calc(100vw-2rem))] rounded-2xl border border-line bg-card p-0 text-ink shadow-2xl backdrop:bg-black/50"
    >
      {isOpen && (
        <div className="flex flex-col gap-4 p-6">
          <h2 id={id} className="text-xl font-bold tracking-tight">
            {title}
          </h2>
          {children}
        </div>
      )}
    </dialog>
  )
}

/** A press beside the dialog closes it, as Escape does. */
function closeBeside(dialog: HTMLDialogElement | null): () => void {
  const close = ({ target }: MouseEvent): void => {
    // The dialog itself is what is left of its box: the backdrop around it.
    if (target === dialog) dialog?.close()
  }
  dialog?.addEventListener('click', close)
  return () => dialog?.removeEventListener('click', close)
}
