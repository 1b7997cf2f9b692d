import { useId } from 'react'

interface TextAreaProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly value: string
  readonly onValue: (value: string) => void
  readonly testId: string
}

/** Several lines to fill in; it grows with what is written. */
export function TextArea({ label, hint, error, value, onValue, testId }: TextAreaProps) {
  const id = useId()
  const note = error ?? hint
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm text-soft">
        {label}
      </label>
      <textarea
        id={id}
        data-testid={testId}
        rows={3}
        value={value}
        aria-invalid={error !== undefined}
        aria-describedby={note === undefined ? undefined : `${id}-note`}
        onChange={(event) => onValue(event.target.value)}
        className="field-sizing-content min-h-24 rounded-xl border border-edge bg-card px-4 py-3 text-base aria-invalid:border-warn"
      />
      {note !== undefined && (
        <p id={`${id}-note`} className={`text-sm ${error === undefined ? 'text-soft' : 'text-warn'}`}>
          {note}
        </p>
      )}
    </div>
  )
}
