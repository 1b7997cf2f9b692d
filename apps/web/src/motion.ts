import { preferences } from './preferences.ts'

const asked = window.matchMedia('(prefers-reduced-motion: reduce)')

/** Whether pictures should stand still: the device asks for it, or the player did (settings). */
export function wantsLessMotion(): boolean {
  return asked.matches || preferences.get('motion') === 'less'
}
