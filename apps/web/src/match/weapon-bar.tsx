import { FIRE, SHELLS_MAX } from '@meydan/games/arena'
import { useText } from '../i18n/i18n.ts'
import type { Scene } from './scene.ts'

interface WeaponBarProps {
  readonly arms: Scene['arms']
  readonly onChoose: (fire: number) => void
}

/** Both weapons, the one the trigger fires, and what it has left: to look at, to press, and to touch. */
export function WeaponBar({ arms: { chosen, shells, loaded }, onChoose }: WeaponBarProps) {
  const t = useText('match')
  return (
    <fieldset className="flex gap-1.5">
      <legend className="sr-only">{t('weapon')}</legend>
      <Weapon
        name={t('bolt')}
        digit="1"
        fire={FIRE.bolt}
        isChosen={chosen === FIRE.bolt}
        loaded={loaded}
        onChoose={onChoose}
      >
        <span aria-hidden="true" className="text-base leading-none">
          ∞
        </span>
      </Weapon>
      <Weapon
        name={t('scatter')}
        digit="2"
        fire={FIRE.scatter}
        isChosen={chosen === FIRE.scatter}
        loaded={loaded}
        onChoose={onChoose}
      >
        {shells > 0 ? <Shells count={shells} /> : t('noShells')}
      </Weapon>
    </fieldset>
  )
}

interface WeaponProps {
  readonly name: string
  readonly digit: string
  readonly fire: number
  readonly isChosen: boolean
  readonly loaded: number
  readonly onChoose: (fire: number) => void
  readonly children: React.ReactNode
}

function Weapon({ name, digit, fire, isChosen, loaded, onChoose, children }: WeaponProps) {
  return (
    <button
      type="button"
      data-testid={`weapon-${digit}`}
      aria-pressed={isChosen}
      // At once and without taking the focus: other fingers are on the sticks, and the space bar fires.
      onPointerDown={(event) => {
        event.preventDefault()
        onChoose(fire)
      }}
      onClick={() => onChoose(fire)}
      className={`relative flex min-h-11 min-w-20 cursor-pointer touch-none flex-col items-center justify-center gap-0.5 overflow-hidden rounded-lg px-2 text-xs select-none ${isChosen ? 'bg-white font-bold text-black' : 'bg-black/50 text-white'}`}
    >
      <span>
        <kbd className="mr-1 font-sans opacity-80 pointer-coarse:hidden">{digit}</kbd>
        {name}
      </span>
      <span className="flex h-4 items-center">{children}</span>
      {isChosen && (
        <span
          aria-hidden="true"
          className="absolute bottom-0 left-0 h-1 bg-teal-700"
          style={{ width: `${Math.round(loaded * 100)}%` }}
        />
      )}
    </button>
  )
}

function Shells({ count }: { count: number }) {
  const t = useText('match')
  return (
    <span className="flex gap-1">
      <span className="sr-only">{t('shells', { count })}</span>
      {Array.from({ length: SHELLS_MAX }, (_, index) => (
        <span
          key={index}
          aria-hidden="true"
          className={`h-3 w-1.5 rounded-sm border border-current ${index < count ? 'bg-current' : ''}`}
        />
      ))}
    </span>
  )
}
