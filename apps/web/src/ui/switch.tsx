import * as Radix from '@radix-ui/react-switch'
import { useId } from 'react'

interface SwitchProps {
  readonly label: string
  readonly hint?: string
  readonly isOn: boolean
  readonly onTurn: (isOn: boolean) => void
  readonly testId?: string
}

/** On or off, at once. */
export function Switch({ label, hint, isOn, onTurn, testId }: SwitchProps) {
  const id = useId()
  return (
    <div className="flex min-h-11 items-center justify-between gap-4">
      <label htmlFor={id} className="flex-1 cursor-pointer">
        {label}
        {hint !== undefined && <span className="block text-sm text-soft">{hint}</span>}
      </label>
      <Radix.Root
        id={id}
        checked={isOn}
        onCheckedChange={onTurn}
        data-testid={testId}
        className="flex h-11 w-16 shrink-0 cursor-pointer items-center rounded-full px-1 before:h-8 before:w-full before:rounded-full before:bg-edge data-[state=checked]:before:bg-accent relative"
      >
        <Radix.Thumb className="absolute left-2 size-6 rounded-full bg-card motion-safe:transition-transform data-[state=checked]:translate-x-6" />
      </Radix.Root>
    </div>
  )
}
