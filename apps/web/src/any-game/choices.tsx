import type { Layout } from '@meydan/contracts/core'
import { valuesOf, wayOf } from './inputs.ts'

/** Buttons for the small fields that no key and no click stands for. */
export function Choices({
  layout,
  onChoice,
}: {
  layout: Layout
  onChoice: (given: Readonly<Record<string, number>>) => void
}) {
  const fields = Object.entries(layout).filter(([name, field]) => wayOf(name, field) === 'choice')
  return fields.map(([name, field]) => (
    <fieldset key={name} className="flex flex-wrap items-center gap-2">
      <legend className="mb-1 text-sm text-soft">{name}</legend>
      {valuesOf(field).map((value) => (
        <button
          key={value}
          type="button"
          data-testid={`choice-${name}-${value}`}
          onClick={() => onChoice({ [name]: value })}
          className="min-h-11 min-w-11 cursor-pointer rounded-lg border border-edge bg-card px-3 font-semibold hover:border-accent"
        >
          {value}
        </button>
      ))}
    </fieldset>
  ))
}
