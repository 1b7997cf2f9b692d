import { Avatar } from './avatar.tsx'

interface PlayerNameProps {
  readonly name: string
  readonly avatar?: string | undefined
  /** What stands under the name. */
  readonly note?: string | undefined
}

/** A player in a list: picture, name, and a line about them. */
export function PlayerName({ name, avatar, note }: PlayerNameProps) {
  return (
    <span className="flex min-w-0 items-center gap-3">
      <Avatar name={avatar} className="size-10" />
      <span className="min-w-0">
        <span className="block truncate font-semibold">{name}</span>
        {note !== undefined && <span className="block truncate text-sm text-soft">{note}</span>}
      </span>
    </span>
  )
}
