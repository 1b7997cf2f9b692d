import type { Id } from '@meydan/contracts/core'
import { AVATARS } from '@meydan/contracts/players'

/** A player counts as online for this long after the last sign of life (A9). */
export const ONLINE_MS = 5 * 60_000

export const DEFAULT_LOCALE = 'en'

const FIRST = [
  'Amber',
  'Brave',
  'Bright',
  'Calm',
  'Clever',
  'Coral',
  'Daring',
  'Gentle',
  'Golden',
  'Happy',
  'Jolly',
  'Keen',
  'Lively',
  'Lucky',
  'Merry',
  'Mighty',
  'Nimble',
  'Noble',
  'Proud',
  'Quick',
  'Quiet',
  'Silver',
  'Sunny',
  'Swift',
  'Velvet',
  'Vivid',
  'Wandering',
  'Warm',
  'Wild',
  'Wise',
  'Witty',
  'Zesty',
] as const
const SECOND = [
  'Badger',
  'Bear',
  'Crane',
  'Dolphin',
  'Eagle',
  'Falcon',
  'Ferret',
  'Fox',
  'Gecko',
  'Hare',
  'Heron',
  'Ibex',
  'Jay',
  'Koala',
  'Lark',
  'Lynx',
  'Marten',
  'Moose',
  'Newt',
  'Ocelot',
  'Otter',
  'Owl',
  'Panda',
  'Puffin',
  'Raven',
  'Robin',
  'Seal',
  'Sparrow',
  'Stork',
  'Tiger',
  'Walrus',
  'Wolf',
] as const
const NUMBERS = 1_000

/** SplitMix64's finaliser (Steele, Lea and Flood, 2014): ids that follow one another give names that do not. */
function scatter(id: Id): bigint {
  let word = BigInt.asUintN(64, BigInt(id) + 0x9e3779b97f4a7c15n)
  word = BigInt.asUintN(64, (word ^ (word >> 30n)) * 0xbf58476d1ce4e5b9n)
  word = BigInt.asUintN(64, (word ^ (word >> 27n)) * 0x94d049bb133111ebn)
  return word ^ (word >> 31n)
}

function pick<T>(from: readonly [T, ...T[]], word: bigint): T {
  return from[Number(word % BigInt(from.length))] ?? from[0]
}

/** A pleasant name for a player who gave none, such as `Brave Otter 417`. The same id always gives the same name. */
export function generatedName(playerId: Id): string {
  const word = scatter(playerId)
  return `${pick(FIRST, word)} ${pick(SECOND, word >> 8n)} ${(word >> 16n) % BigInt(NUMBERS)}`
}

/** One of the built-in avatars; the same id always gives the same one. */
export function generatedAvatar(playerId: Id): string {
  return pick(AVATARS, scatter(playerId) >> 32n)
}

export function presenceKey(playerId: Id): string {
  return `players:online:${playerId}`
}
