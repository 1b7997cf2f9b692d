/** Seeded randomness. Its whole state is four unsigned 32-bit words, so that a snapshot can carry it. */
export interface Random {
  /** Uniform in [0, 1), 32 bits fine. */
  float(): number
  /** Uniform whole number, both ends included. */
  int(min: number, max: number): number
  state(): RandomState
}

export type RandomState = readonly [number, number, number, number]

const WARM_UP_ROUNDS = 12

/** sfc32, from Chris Doty-Humphrey's PractRand: small, fast, passes its own battery. Not for secrets. */
export function seededRandom(seed: number | RandomState): Random {
  let [a, b, c, counter] = typeof seed === 'number' ? [0, seed >>> 0, 0x9e3779b9, 1] : seed
  const next = (): number => {
    const sum = (a + b + counter) >>> 0
    counter = (counter + 1) >>> 0
    a = (b ^ (b >>> 9)) >>> 0
    b = (c + (c << 3)) >>> 0
    c = (((c << 21) | (c >>> 11)) + sum) >>> 0
    return sum
  }
  if (typeof seed === 'number') for (let round = 0; round < WARM_UP_ROUNDS; round++) next()
  return {
    float: () => next() / 0x1_0000_0000,
    int: (min, max) => min + Math.floor((next() / 0x1_0000_0000) * (max - min + 1)),
    state: () => [a, b, c, counter],
  }
}
