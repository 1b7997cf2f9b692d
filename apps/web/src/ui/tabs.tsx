import * as Radix from '@radix-ui/react-tabs'
import type { ReactNode } from 'react'

interface TabsProps<T extends string> {
  readonly label: string
  readonly value: T
  readonly tabs: readonly { readonly value: T; readonly text: string }[]
  readonly onChange: (value: T) => void
  /** What the chosen tab shows. */
  readonly children: ReactNode
}

/** Parts of one page, one at a time. */
export function Tabs<T extends string>({ label, value, tabs, onChange, children }: TabsProps<T>) {
  return (
    <Radix.Root
      value={value}
      onValueChange={(chosen) => {
        const tab = tabs.find((each) => each.value === chosen)
        if (tab) onChange(tab.value)
      }}
    >
      <Radix.List aria-label={label} className="flex flex-wrap gap-1 rounded-xl bg-paper p-1">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            data-testid={`tab-${tab.value}`}
            className="min-h-11 min-w-11 flex-auto cursor-pointer rounded-lg px-3 text-sm whitespace-nowrap text-soft hover:text-ink data-[state=active]:bg-card data-[state=active]:font-semibold data-[state=active]:text-ink data-[state=active]:shadow-sm"
          >
            {tab.text}
          </Radix.Trigger>
        ))}
      </Radix.List>
      <Radix.Content value={value}>{children}</Radix.Content>
    </Radix.Root>
  )
}
