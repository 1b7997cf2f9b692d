import type { Plain } from '@meydan/contracts/core'
import { HINDSIGHT_TICKS_MAX, SEATS_MAX, SHOT_SLOTS_PER_SEAT } from './balance.ts'
import { PICKUPS, SPAWNS } from './map.ts'
import { type ArenaState, type Avatar, blankAvatar, blankShot, LIFE, type Shot, type Trace } from './state.ts'
import { BOLT, shotWeapon } from './weapons.ts'

/** The order of an avatar's numbers in a snapshot. Changing it means raising the game's version. */
const AVATAR_FIELDS = [
  'life',
  'lifeUntilTick',
  'x',
  'y',
  'movedX',
  'movedY',
  'aim',
  'moveX',
  'moveY',
  'fire',
  'tapped',
  'inputTick',
  'hindsight',
  'reloadedTick',
  'nextSlot',
  'nextBlastSlot',
  'shells',
  'hasteEndsTick',
  'health',
  'score',
  'kills',
  'deaths',
] as const satisfies readonly (keyof Avatar)[]

const SHOT_FIELDS = ['x', 'y', 'aim', 'bornTick', 'range', 'hindsight'] as const satisfies readonly (keyof Shot)[]

const MATCH_FIELDS = [
  'tick',
  'phase',
  'phaseEndsTick',
  'matchTicks',
  'aloneSinceTick',
] as const satisfies readonly (keyof ArenaState)[]

/** The whole state as lists of numbers, about 2 kB of JSON, half of it the last 200 ms. Free slots for shots are left out: nothing reads them. */
export function toSnapshot(state: ArenaState): Plain {
  return {
    match: MATCH_FIELDS.map((field) => state[field]),
    reason: state.reason,
    avatars: state.avatars.map((avatar) => AVATAR_FIELDS.map((field) => avatar[field])),
    shots: state.shots.flatMap((shot, slot) =>
      isRead(state, slot, shot) ? [[slot, shot.live ? 1 : 0, ...SHOT_FIELDS.map((field) => shot[field])]] : [],
    ),
    past: state.past.map((avatars) => avatars.flatMap(({ life, x, y }) => (life === LIFE.absent ? [0] : [life, x, y]))),
    pickups: [...state.pickupReturnsTick],
    spawns: [...state.spawnOrder],
  }
}

/** The state a snapshot was taken of. Throws TypeError when it is not a snapshot of this version of the game. */
export function fromSnapshot(snapshot: Plain): ArenaState {
  const parts = record(snapshot)
  const match = numbers(parts.match, MATCH_FIELDS.length)
  const [tick = 0, phase = 0, phaseEndsTick = 0, matchTicks = 0, aloneSinceTick = 0] = match
  if (typeof parts.reason !== 'string') throw notASnapshot()
  return {
    tick,
    phase,
    phaseEndsTick,
    matchTicks,
    aloneSinceTick,
    reason: parts.reason,
    avatars: list(parts.avatars, SEATS_MAX, SEATS_MAX).map(avatarFrom),
    shots: shotsFrom(list(parts.shots, 0, SEATS_MAX * SHOT_SLOTS_PER_SEAT)),
    past: list(parts.past, HINDSIGHT_TICKS_MAX, HINDSIGHT_TICKS_MAX).map(tracesFrom),
    pickupReturnsTick: numbers(parts.pickups, PICKUPS.length),
    spawnOrder: numbers(parts.spawns, SPAWNS.length),
  }
}

/** Of a pellet that has struck somebody the view still tells, while the rest of its blast flies. */
function isRead(state: ArenaState, slot: number, shot: Shot): boolean {
  const weapon = shotWeapon(slot)
  return shot.live || (weapon !== BOLT && (state.tick - shot.bornTick) * weapon.perTick < shot.range)
}

function avatarFrom(plain: Plain): Avatar {
  const avatar = blankAvatar()
  const values = numbers(plain, AVATAR_FIELDS.length)
  for (const [index, field] of AVATAR_FIELDS.entries()) avatar[field] = values[index] ?? 0
  return avatar
}

function shotsFrom(rows: readonly Plain[]): Shot[] {
  const shots = Array.from({ length: SEATS_MAX * SHOT_SLOTS_PER_SEAT }, blankShot)
  for (const row of rows) {
    const [slot = -1, live, ...values] = numbers(row, 2 + SHOT_FIELDS.length)
    const shot = shots[slot]
    if (!shot) throw notASnapshot()
    shot.live = live === 1
    for (const [index, field] of SHOT_FIELDS.entries()) shot[field] = values[index] ?? 0
  }
  return shots
}

/** A seat nobody is in takes one number, any other three. */
function tracesFrom(plain: Plain): Trace[] {
  const values = numbersOf(list(plain, SEATS_MAX, SEATS_MAX * 3))
  let at = 0
  return Array.from({ length: SEATS_MAX }, () => {
    const life = values[at++] ?? LIFE.absent
    return life === LIFE.absent ? { life, x: 0, y: 0 } : { life, x: values[at++] ?? 0, y: values[at++] ?? 0 }
  })
}

function record(plain: Plain): { readonly [key: string]: Plain | undefined } {
  if (typeof plain !== 'object' || plain === null || isList(plain)) throw notASnapshot()
  return plain
}

function list(plain: Plain | undefined, lengthMin: number, lengthMax: number): readonly Plain[] {
  if (plain === undefined || !isList(plain) || plain.length < lengthMin || plain.length > lengthMax) {
    throw notASnapshot()
  }
  return plain
}

function numbers(plain: Plain | undefined, length: number): number[] {
  return numbersOf(list(plain, length, length))
}

function numbersOf(plain: readonly Plain[]): number[] {
  return plain.map((value) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw notASnapshot()
    return value
  })
}

/** `Array.isArray` does not narrow a readonly list. */
function isList(plain: Plain): plain is readonly Plain[] {
  return Array.isArray(plain)
}

function notASnapshot(): TypeError {
  return new TypeError('this is not a snapshot of the arena, or one of another version')
}
