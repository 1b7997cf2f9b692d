import { type InputHTMLAttributes, type ReactNode, useId } from 'react'

interface FieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'id' | 'value' | 'onChange'> {
  readonly label: string
  /** Gives way to the error, which says more. */
  readonly hint?: string | undefined
  /** What is wrong with it; said beside it, and what was typed stays. */
  readonly error?: string | undefined
  readonly value: string
  readonly onValue: (value: string) => void
  /** A button at the end of the line. */
  readonly children?: ReactNode
}

/** A line to fill in, with its label, a hint and what is wrong with it. */
export function Field({ label, hint, error, value, onValue, children, ...rest }: FieldProps) {
  const id = useId()
  const hintId = `${id}-hint`
  const errorId = `${id}-error`
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm text-soft">
        {label}
      </label>
      <div className="relative">
        <input
          id={id}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          aria-invalid={error !== undefined}
          aria-describedby={error !== undefined ? errorId : hint !== undefined ? hintId : undefined}
          className={`min-h-12 w-full rounded-xl border border-edge bg-card px-4 text-base text-ink aria-invalid:border-warn ${children ? 'pr-13' : ''}`}
          {...rest}
        />
        {children}
      </div>
      {hint !== undefined && error === undefined && (
        <p id={hintId} className="text-sm text-soft">
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p id={errorId} data-testid="field-error" className="text-sm text-warn">
          {error}
        </p>
      )}
    </div>
  )
}
