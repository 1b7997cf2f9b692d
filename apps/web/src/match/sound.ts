/** How one sound is made: a tone that glides from one pitch to another, a burst of noise, or both. */
interface Recipe {
  readonly wave: OscillatorType
  /** Hz at the beginning and at the end; 0: no tone. */
  readonly from: number
  readonly to: number
  readonly noise: number
  readonly lengthS: number
  readonly gain: number
}

const RECIPES = {
  bolt: { wave: 'triangle', from: 880, to: 240, noise: 0, lengthS: 0.09, gain: 0.16 },
  scatter: { wave: 'square', from: 160, to: 50, noise: 0.5, lengthS: 0.2, gain: 0.22 },
  hurt: { wave: 'sawtooth', from: 220, to: 70, noise: 0.2, lengthS: 0.16, gain: 0.3 },
  struck: { wave: 'sine', from: 1_250, to: 1_500, noise: 0, lengthS: 0.05, gain: 0.2 },
  kill: { wave: 'sine', from: 620, to: 1_240, noise: 0, lengthS: 0.22, gain: 0.3 },
  fall: { wave: 'sawtooth', from: 320, to: 45, noise: 0.3, lengthS: 0.5, gain: 0.3 },
  taken: { wave: 'sine', from: 520, to: 1_040, noise: 0, lengthS: 0.14, gain: 0.22 },
  back: { wave: 'triangle', from: 260, to: 520, noise: 0, lengthS: 0.25, gain: 0.22 },
  began: { wave: 'triangle', from: 440, to: 880, noise: 0, lengthS: 0.4, gain: 0.3 },
} as const satisfies Record<string, Recipe>

export type SoundName = keyof typeof RECIPES

/** More at once are a rumble in which nobody hears anything. */
const VOICES_MAX = 12
const MUTED_KEY = 'meydan.muted'
const NOISE_S = 0.5
/** A gain that falls exponentially cannot reach 0. */
const SILENCE = 0.0001

/** The sounds of a match, made while they are heard: there are no files. Silent until the player has touched the page. */
export class Sounds {
  isMuted = wasMuted()
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
    const recipe: Recipe = RECIPES[name]
    const output = outputOf(context, recipe, volume, pan)
    const sources: AudioScheduledSourceNode[] = []
    if (recipe.from > 0) sources.push(toneOf(context, recipe, output))
    if (recipe.noise > 0) sources.push(this.#noiseOf(context, recipe, output))
    for (const source of sources) this.#sound(source, context.currentTime + recipe.lengthS)
  }

  setMuted(isMuted: boolean): void {
    this.isMuted = isMuted
    remember(isMuted)
    // Called by a press of a button, so it may.
    this.#wake()
  }

  #wake(): void {
    if (this.isMuted) return
    this.#context ??= new AudioContext({ latencyHint: 'interactive' })
    if (this.#context.state === 'suspended') void this.#context.resume()
  }

  #sound(source: AudioScheduledSourceNode, endS: number): void {
    this.#voices++
    source.onended = () => {
      this.#voices--
    }
    source.start()
    source.stop(endS)
  }

  #noiseOf(context: AudioContext, { noise }: Recipe, output: AudioNode): AudioScheduledSourceNode {
    this.#noise ??= noiseBuffer(context)
    const source = new AudioBufferSourceNode(context, { buffer: this.#noise })
    source
      .connect(new BiquadFilterNode(context, { type: 'lowpass', frequency: 1_800 }))
      .connect(new GainNode(context, { gain: noise }))
      .connect(output)
    return source
  }
}

function toneOf(
  context: AudioContext,
  { wave, from, to, lengthS }: Recipe,
  output: AudioNode,
): AudioScheduledSourceNode {
  const tone = new OscillatorNode(context, { type: wave, frequency: from })
  tone.frequency.exponentialRampToValueAtTime(to, context.currentTime + lengthS)
  tone.connect(output)
  return tone
}

/** Where a sound goes: it dies away, and comes from its side. */
function outputOf(context: AudioContext, { gain, lengthS }: Recipe, volume: number, pan: number): AudioNode {
  const fade = new GainNode(context, { gain: gain * volume })
  fade.gain.exponentialRampToValueAtTime(SILENCE, context.currentTime + lengthS)
  fade.connect(new StereoPannerNode(context, { pan })).connect(context.destination)
  return fade
}

function noiseBuffer(context: AudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, context.sampleRate * NOISE_S, context.sampleRate)
  const samples = buffer.getChannelData(0)
  for (let at = 0; at < samples.length; at++) samples[at] = Math.random() * 2 - 1
  return buffer
}

function wasMuted(): boolean {
  try {
    return window.localStorage.getItem(MUTED_KEY) === 'yes'
  } catch (error) {
    // Pages may be forbidden to store anything; then a visit begins with sound.
    if (error instanceof DOMException) return false
    throw error
  }
}

function remember(isMuted: boolean): void {
  try {
    window.localStorage.setItem(MUTED_KEY, isMuted ? 'yes' : 'no')
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
    console.info('the browser keeps nothing, so the next visit has sound again', error)
  }
}
