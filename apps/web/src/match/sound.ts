import { preferences } from '../preferences.ts'
import { noiseBuffer, type SoundName, voice } from './voice.ts'

/** More at once are a rumble in which nobody hears anything. */
const VOICES_MAX = 12

/** The sounds of a match, made while they are heard: there are no files. Silent until the player has touched the page. */
export class Sounds {
  isMuted = preferences.get('isMuted')
  #context: AudioContext | undefined
  #noise: AudioBuffer | undefined
  #voices = 0

  /** Waits for the player's first gesture, and sounds from then on until what it returns is called. */
  listen(): () => void {
    const stop = new AbortController()
    // Browsers let a page sound only after a gesture, and again after each time they put it to sleep.
    for (const gesture of ['pointerdown', 'keydown'] as const) {
      window.addEventListener(gesture, () => this.#wake(), { signal: stop.signal, capture: true })
    }
    // Who pressed Play on this page has made one already.
    if (navigator.userActivation.hasBeenActive) this.#wake()
    return () => {
      stop.abort()
      void this.#context?.close()
      this.#context = undefined
    }
  }

  /** `volume` 0 to 1, `pan` −1 (left) to 1 (right). */
  play(name: SoundName, volume = 1, pan = 0): void {
    const context = this.#context
    if (this.isMuted || context?.state !== 'running' || this.#voices >= VOICES_MAX || volume <= 0) return
    this.#noise ??= noiseBuffer(context)
    for (const source of voice(context, this.#noise, name, volume, pan)) {
      this.#voices++
      source.onended = () => {
        this.#voices--
      }
    }
  }

  setMuted(isMuted: boolean): void {
    this.isMuted = isMuted
    preferences.set('isMuted', isMuted)
    // Called by a press of a button, so it may.
    this.#wake()
  }

  #wake(): void {
    if (this.isMuted) return
    this.#context ??= new AudioContext({ latencyHint: 'interactive' })
    if (this.#context.state === 'suspended') void this.#context.resume()
  }
}
