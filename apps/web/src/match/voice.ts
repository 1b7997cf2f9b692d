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
export const SOUND_NAMES = Object.keys(RECIPES) as readonly SoundName[]

const NOISE_S = 0.5
/** A gain that falls exponentially cannot reach 0. */
const SILENCE = 0.0001

/** One sound that begins now, in any context: `volume` 0 to 1, `pan` −1 (left) to 1 (right). Gives what has been started. */
export function voice(
  context: BaseAudioContext,
  noise: AudioBuffer,
  name: SoundName,
  volume: number,
  pan: number,
): readonly AudioScheduledSourceNode[] {
  const recipe: Recipe = RECIPES[name]
  const output = outputOf(context, recipe, volume, pan)
  const sources: AudioScheduledSourceNode[] = []
  if (recipe.from > 0) sources.push(toneOf(context, recipe, output))
  if (recipe.noise > 0) sources.push(hissOf(context, recipe, noise, output))
  for (const source of sources) {
    source.start()
    source.stop(context.currentTime + recipe.lengthS)
  }
  return sources
}

export function noiseBuffer(context: BaseAudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, context.sampleRate * NOISE_S, context.sampleRate)
  const samples = buffer.getChannelData(0)
  for (let at = 0; at < samples.length; at++) samples[at] = Math.random() * 2 - 1
  return buffer
}

function toneOf(
  context: BaseAudioContext,
  { wave, from, to, lengthS }: Recipe,
  output: AudioNode,
): AudioScheduledSourceNode {
  const tone = new OscillatorNode(context, { type: wave, frequency: from })
  tone.frequency.exponentialRampToValueAtTime(to, context.currentTime + lengthS)
  tone.connect(output)
  return tone
}

function hissOf(
  context: BaseAudioContext,
  { noise }: Recipe,
  buffer: AudioBuffer,
  output: AudioNode,
): AudioScheduledSourceNode {
  const source = new AudioBufferSourceNode(context, { buffer })
  source
    .connect(new BiquadFilterNode(context, { type: 'lowpass', frequency: 1_800 }))
    .connect(new GainNode(context, { gain: noise }))
    .connect(output)
  return source
}

/** Where a sound goes: it dies away, and comes from its side. */
function outputOf(context: BaseAudioContext, { gain, lengthS }: Recipe, volume: number, pan: number): AudioNode {
  const fade = new GainNode(context, { gain: gain * volume })
  fade.gain.exponentialRampToValueAtTime(SILENCE, context.currentTime + lengthS)
  fade.connect(new StereoPannerNode(context, { pan })).connect(context.destination)
  return fade
}
