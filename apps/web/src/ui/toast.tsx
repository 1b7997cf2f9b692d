import * as Radix from '@radix-ui/react-toast'
import { createContext, type ReactNode, use, useCallback, useState } from 'react'
import { useText } from '../i18n/i18n.ts'
import { Icon } from './icon.tsx'

interface Toast {
  readonly id: number
  readonly text: string
}

const TOASTS_MAX = 3
/** Takes the focus to what is shown. */
const HOTKEY = 'F8'
const SHOWN_MS = 5_000

const ToastContext = createContext<(text: string) => void>(() => undefined)

/** Says that something was done, for a moment: `const toast = useToast()`, then `toast(t('saved'))`. What went wrong is said where it did. */
export function useToast(): (text: string) => void {
  return use(ToastContext)
}

export function Toasts({ children }: { children: ReactNode }) {
  const t = useText('frame')
  const [toasts, setToasts] = useState<readonly Toast[]>([])
  const show = useCallback((text: string) => {
    setToasts((now) => [...now, { id: (now.at(-1)?.id ?? 0) + 1, text }].slice(-TOASTS_MAX))
  }, [])
  return (
    <ToastContext value={show}>
      <Radix.Provider duration={SHOWN_MS} label={t('notice')}>
        {children}
        {toasts.map(({ id, text }) => (
          <Radix.Root
            key={id}
            onOpenChange={(isOpen) => {
              if (!isOpen) setToasts((now) => now.filter((each) => each.id !== id))
            }}
            className="flex items-center gap-3 rounded-xl border border-line bg-card py-1 pr-1 pl-4 text-ink shadow-xl data-[swipe=move]:translate-x-(--radix-toast-swipe-move-x)"
          >
            <Radix.Description data-testid="toast" className="flex-1 text-sm">
              {text}
            </Radix.Description>
            <Radix.Close
              aria-label={t('close')}
              className="grid size-11 cursor-pointer place-items-center rounded-lg text-soft hover:text-ink"
            >
              <Icon name="close" />
            </Radix.Close>
          </Radix.Root>
        ))}
        <Radix.Viewport
          label={t('notices', { hotkey: HOTKEY })}
          hotkey={[HOTKEY]}
          className="fixed right-4 bottom-20 left-4 z-40 flex flex-col gap-2 sm:left-auto sm:w-96 lg:bottom-6"
        />
      </Radix.Provider>
    </ToastContext>
  )
}
