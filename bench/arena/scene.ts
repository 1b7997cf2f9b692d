import type { Game, Random } from '@meydan/contracts/core'

/**
 * The scene that every contestant plays: avatars that move and turn in each tick, of which three numbers change. Positions and
 * speed are the arena's, in whole eighths of a px, so that no contestant sends what another leaves out.
 */
export const TICK_MS = 15
export const PLAYERS = 5
export const FIELD = { width: 12_800, height: 7_200 } as const
/** 225 px/s. */
const SPEED = 27
const TURN = 1_024
/** An avatar turns towards where its player points by this much a tick: 210° a second. */
const TURN_PER_TICK = 9
/** Those nobody plays go in circles: a tick changes their heading by this part of a turn. */
const CIRCLE = 5

/** What everybody sees of one avatar. */
export interface Avatar {
  x: number
  y: number
  aim: number
}

/** What its player wants: −1 to 1, and a direction. */
export interface Wish {
  moveX: number
  moveY: number
  aim: number
}

export const inputLayout = {
  moveX: { min: -1, max: 1, step: 1 / 16 },
  moveY: { min: -1, max: 1, step: 1 / 16 },
  aim: { min: 0, max: TURN - 1, step: 1 },
} as const

export const viewLayout = {
  avatars: {
    x: { min: 0, max: FIELD.width, step: 1 },
    y: { min: 0, max: FIELD.height, step: 1 },
    aim: { min: 0, max: TURN - 1, step: 1 },
  },
} as const

export function advance(avatar: Avatar, wish: Wish): void {
  const length = Math.max(1, Math.hypot(wish.moveX, wish.moveY))
  avatar.x = clamped(avatar.x + Math.round((wish.moveX / length) * SPEED), FIELD.width)
  avatar.y = clamped(avatar.y + Math.round((wish.moveY / length) * SPEED), FIELD.height)
  const apart = ((wish.aim - avatar.aim + TURN + TURN / 2) % TURN) - TURN / 2
  avatar.aim = (avatar.aim + Math.max(-TURN_PER_TICK, Math.min(TURN_PER_TICK, apart)) + TURN) % TURN
}

function clamped(value: number, max: number): number {
  return value < 0 ? 0 : value > max ? max : value
}

/** What a player who goes in a circle wants at a moment: heading and aim turn by CIRCLE a tick. */
export function wishAt(player: number, ticks: number): Wish {
  const angle = ((player * 97 + ticks * CIRCLE) / TURN) * 2 * Math.PI
  return { moveX: Math.cos(angle), moveY: Math.sin(angle), aim: (player * 131 + ticks * TURN_PER_TICK) % TURN }
}

export function placed(index: number): Avatar {
  return { x: 2_000 + ((index * 1_031) % 8_800), y: 1_500 + ((index * 617) % 4_200), aim: (index * 131) % TURN }
}

interface State {
  tick: number
  readonly avatars: Avatar[]
  readonly wishes: Wish[]
}

/** The scene as a game of the engine. `entities` avatars are in a room, of which the first five are played. */
export function sceneGame(
  entities: number,
  onTick: (state: object) => void,
): Game<State, typeof inputLayout, typeof viewLayout> {
  return {
    name: 'scene',
    version: 1,
    title: 'Scene',
    seats: { min: 1, max: PLAYERS },
    tickMs: TICK_MS,
    sendEveryTicks: 1,
    lastsMsMax: 3_600_000,
    joinInProgress: true,
    inputLayout,
    viewLayout,
    sharedView: true,
    create: () => ({
      tick: 0,
      avatars: Array.from({ length: entities }, (_, index) => placed(index)),
      wishes: Array.from({ length: entities }, (_, index) => wishAt(index, 0)),
    }),
    join: () => undefined,
    leave: () => undefined,
    input(state, seat, { moveX, moveY, aim }) {
      const wish = state.wishes[seat]
      if (wish) Object.assign(wish, { moveX, moveY, aim })
    },
    tick(state) {
      onTick(state)
      state.tick++
      advanceAll(state.avatars, state.wishes, state.tick)
    },
    view(state, _seat, out) {
      for (const [index, avatar] of state.avatars.entries()) out.row('avatars', index, avatar)
    },
    snapshot: ({ tick, avatars, wishes }) => ({
      tick,
      avatars: avatars.map(plain),
      wishes: wishes.map((wish) => ({ ...wish })),
    }),
    restore: () => {
      throw new Error('rooms of a benchmark are not restored')
    },
    outcome: () => null,
    bot: (_state: State, _seat: number, _skill: number, _random: Random) => null,
  }
}

/** One tick of a room. Those nobody plays get their wishes here. */
export function advanceAll(avatars: readonly Avatar[], wishes: Wish[], tick: number): void {
  for (let index = 0; index < avatars.length; index++) {
    const avatar = avatars[index]
    if (index >= PLAYERS) wishes[index] = wishAt(index, tick)
    const wish = wishes[index]
    if (avatar && wish) advance(avatar, wish)
  }
}

function plain({ x, y, aim }: Avatar) {
  return { x, y, aim }
}
