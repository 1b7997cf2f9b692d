import * as Dropdown from '@radix-ui/react-dropdown-menu'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Icon, type IconName } from './icon.tsx'

interface MenuProps {
  /** What the trigger is called by those who do not see it. */
  readonly label: string
  readonly testId: string
  readonly trigger: ReactNode
  readonly triggerClass: string
  readonly children: ReactNode
}

const ITEM =
  'flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm outline-none data-highlighted:bg-paper data-highlighted:text-accent'

/**
 * A menu under its button. Not modal: the lock that Radix puts on the page behind a modal one adds a <style> element, which the
 * page's content policy refuses. For the same reason dialogs here are the browser's own (dialog.tsx), and Radix's Select and
 * ScrollArea are not used.
 */
export function Menu({ label, testId, trigger, triggerClass, children }: MenuProps) {
  return (
    <Dropdown.Root modal={false}>
      <Dropdown.Trigger aria-label={label} data-testid={testId} className={`cursor-pointer ${triggerClass}`}>
        {trigger}
      </Dropdown.Trigger>
      <Dropdown.Portal>
        <Dropdown.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-30 min-w-56 rounded-2xl border border-line bg-card p-1.5 text-ink shadow-xl"
        >
          {children}
        </Dropdown.Content>
      </Dropdown.Portal>
    </Dropdown.Root>
  )
}

export function MenuTitle({ children }: { children: ReactNode }) {
  return (
    <Dropdown.Label className="max-w-64 truncate px-3 pt-2 pb-1 text-xs font-semibold text-soft">
      {children}
    </Dropdown.Label>
  )
}

export function MenuLine() {
  return <Dropdown.Separator className="mx-1.5 my-1.5 h-px bg-line" />
}

interface MenuItemProps {
  readonly icon: IconName
  readonly children: ReactNode
  readonly testId?: string
}

export function MenuLink({
  to,
  icon,
  children,
  testId,
}: MenuItemProps & { readonly to: NonNullable<LinkProps['to']> }) {
  return (
    <Dropdown.Item asChild>
      <Link to={to} data-testid={testId} className={ITEM}>
        <Icon name={icon} className="size-5 text-soft" />
        {children}
      </Link>
    </Dropdown.Item>
  )
}

export function MenuAction({ onSelect, icon, children, testId }: MenuItemProps & { readonly onSelect: () => void }) {
  return (
    <Dropdown.Item onSelect={onSelect} data-testid={testId} className={ITEM}>
      <Icon name={icon} className="size-5 text-soft" />
      {children}
    </Dropdown.Item>
  )
}

interface MenuChoicesProps<T extends string> {
  readonly value: T
  readonly choices: readonly { readonly value: T; readonly text: string; readonly lang?: string }[]
  readonly onChoose: (value: T) => void
}

/** One of several, with a mark at the one that holds. */
export function MenuChoices<T extends string>({ value, choices, onChoose }: MenuChoicesProps<T>) {
  return (
    <Dropdown.RadioGroup value={value}>
      {choices.map((choice) => (
        <Dropdown.RadioItem
          key={choice.value}
          value={choice.value}
          lang={choice.lang}
          data-testid={`choose-${choice.value}`}
          onSelect={() => onChoose(choice.value)}
          className={ITEM}
        >
          <span className="size-5">
            <Dropdown.ItemIndicator>
              <Icon name="check" />
            </Dropdown.ItemIndicator>
          </span>
          {choice.text}
        </Dropdown.RadioItem>
      ))}
    </Dropdown.RadioGroup>
  )
}
