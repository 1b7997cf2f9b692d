import { type FormEvent, type ReactNode, useEffect, useRef } from 'react'
import { useText } from '../i18n/i18n.ts'
import { Button, type ButtonLook } from './button.tsx'

interface FormProps {
  readonly onSubmit: () => void
  readonly submit: string
  readonly isBusy: boolean
  /** What went wrong and is about no field; those say it themselves (field.tsx). */
  readonly problem?: string | undefined
  readonly children: ReactNode
  readonly testId: string
  readonly look?: ButtonLook
  /** Whether the button is as wide as the fields: where the form is all there is. */
  readonly isWide?: boolean
}

/** Fields and what sends them. What was typed stays, whatever comes back; the first field that is wrong gets the focus. */
export function Form({
  onSubmit,
  submit,
  isBusy,
  problem,
  children,
  testId,
  look = 'primary',
  isWide = true,
}: FormProps) {
  const t = useText('frame')
  const form = useRef<HTMLFormElement>(null)
  const hasSent = useRef(false)
  useEffect(() => {
    if (!hasSent.current || isBusy) return
    hasSent.current = false
    form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus()
  })
  const send = (event: FormEvent): void => {
    event.preventDefault()
    if (isBusy) return
    hasSent.current = true
    onSubmit()
  }
  return (
    <form ref={form} noValidate onSubmit={send} data-testid={testId} className="flex flex-col gap-4">
      {children}
      <div role="alert" className="empty:-mt-4">
        {problem !== undefined && (
          <p data-testid="problem" className="rounded-xl border border-warn px-4 py-3 text-sm text-warn">
            {problem}
          </p>
        )}
      </div>
      <Button
        type="submit"
        look={look}
        data-testid={`${testId}-send`}
        aria-disabled={isBusy}
        className={isWide ? '' : 'sm:self-start'}
      >
        {isBusy ? t('oneMoment') : submit}
      </Button>
    </form>
  )
}
