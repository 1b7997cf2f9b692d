import type { Profile } from '@meydan/contracts/players'
import { Link } from '@tanstack/react-router'
import { useText } from '../i18n/i18n.ts'
import { Avatar } from '../ui/avatar.tsx'

interface FaceProps {
  readonly profile: Profile | undefined
  readonly isLarge?: boolean
}

/** A player's picture, with a dot for who is online. */
export function Face({ profile, isLarge = false }: FaceProps) {
  const t = useText('people')
  return (
    <span className="relative shrink-0">
      <Avatar name={profile?.avatar} className={isLarge ? 'size-20' : 'size-10'} />
      {profile?.online && (
        <span
          className={`absolute rounded-full border-2 border-card bg-accent ${isLarge ? 'right-1 bottom-1 size-4' : '-right-0.5 -bottom-0.5 size-3.5'}`}
        >
          <span className="sr-only">{t('online')}</span>
        </span>
      )}
    </span>
  )
}

interface PersonProps {
  readonly playerId: string
  readonly name: string
  readonly profile: Profile | undefined
  readonly isYou?: boolean
}

/** Face and name, leading to the player's page. */
export function Person({ playerId, name, profile, isYou = false }: PersonProps) {
  const t = useText('people')
  return (
    <Link
      to="/players/$id"
      params={{ id: playerId }}
      data-testid={`person-${playerId}`}
      className="flex min-h-11 min-w-0 items-center gap-3 rounded-lg hover:underline"
    >
      <Face profile={profile} />
      <span className="min-w-0 truncate">{profile?.displayName ?? name}</span>
      {isYou && <span className="shrink-0 rounded-md border border-current px-1.5 text-xs">{t('you')}</span>}
    </Link>
  )
}
