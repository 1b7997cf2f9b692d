import * as Radix from '@radix-ui/react-radio-group'
import type { ReactNode } from 'react'

interface ChoiceProps<T extends string> {
  readonly label: string
  readonly value: T | undefined
  readonly choices: readonly {
    readonly value: T
    readonly text: ReactNode
    readonly label?: string
    readonly lang?: string
  }[]
  readonly onChoose: (value: T) => void
  readonly look?: 'row' | 'tiles'
}

const LOOKS = {
  row: { group: 'flex flex-wrap gap-2', item: 'min-h-11 px-4 rounded-xl text-sm' },
  tiles: {
    group: 'grid grid-cols-4 gap-2 sm:grid-cols-8',
    item: 'aspect-square min-h-11 p-1.5 rounded-2xl grid place-items-center',
  },
} as const

/** One of a few, all in sight; arrows go from one to the next. */
export function Choice<T extends string>({ label, value, choices, onChoose, look = 'row' }: ChoiceProps<T>) {
  return (
    <Radix.Root
      aria-label={label}
      value={value ?? null}
      onValueChange={(chosen) => {
        const choice = choices.find((each) => each.value === chosen)
        if (choice) onChoose(choice.value)
      }}
      className={LOOKS[look].group}
    >
      {choices.map((choice) => (
        <Radix.Item
          key={choice.value}
          value={choice.value}
          lang={choice.lang}
          aria-label={choice.label}
          data-testid={`choice-${choice.value}`}
          className={`cursor-pointer border border-edge bg-card text-ink hover:border-accent data-[state=checked]:border-accent data-[state=checked]:font-semibold data-[state=checked]:text-accent data-[state=checked]:ring-2 data-[state=checked]:ring-accent ${LOOKS[look].item}`}
        >
          {choice.text}
        </Radix.Item>
      ))}
    </Radix.Root>
  )
}
