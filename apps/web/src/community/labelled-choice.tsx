import type { ComponentProps } from 'react'
import { Choice } from '../ui/choice.tsx'

/** A choice whose label is seen, too. */
export function LabelledChoice<T extends string>(props: ComponentProps<typeof Choice<T>>) {
  return (
    <div>
      <p aria-hidden="true" className="mb-2 text-sm text-soft">
        {props.label}
      </p>
      <Choice {...props} />
    </div>
  )
}
