import { useState } from 'react'
import { useText } from '../i18n/i18n.ts'
import type { Sounds } from './sound.ts'

/** Turns the sound off and on; the browser remembers it. */
export function Mute({ sounds }: { sounds: Sounds }) {
  const t = useText('match')
  const [isMuted, setIsMuted] = useState(sounds.isMuted)
  const turn = (): void => {
    sounds.setMuted(!isMuted)
    setIsMuted(!isMuted)
  }
  return (
    <button
      type="button"
      data-testid="mute"
      aria-pressed={isMuted}
      aria-label={t('mute')}
      onClick={turn}
      className="grid size-11 shrink-0 cursor-pointer place-items-center rounded-lg bg-black/35 text-white hover:bg-black/60"
    >
      <svg viewBox="0 0 24 24" aria-hidden="true" className="size-5" fill="none" stroke="currentColor" strokeWidth="2">
        <path d="M4 9v6h4l5 4V5L8 9H4z" fill="currentColor" />
        {isMuted ? <path d="M16 9l6 6M22 9l-6 6" /> : <path d="M16 8.5a5 5 0 010 7M18.5 6a8.5 8.5 0 010 12" />}
      </svg>
    </button>
  )
}
