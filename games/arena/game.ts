import type { Game, Random, Turn } from '@meydan/contracts/core'
import { SEATS_MAX, SEATS_MIN, TICK_MS } from './balance.ts'
import { decide } from './bot.ts'
import { hindsightOf } from './hindsight.ts'
import { type ArenaInput, inputLayout, viewLayout, writeView } from './layout.ts'
import { outcomeOf } from './outcome.ts'
import { letGo, playTick, spawn } from './play.ts'
import { fromSnapshot, toSnapshot } from './snapshot.ts'
import { type ArenaState, avatarOf, blankAvatar, createState, isPresent, LIFE, PHASE } from './state.ts'

/** A top-down shooter for 3 to 5: three minutes, then whoever dealt the most damage and killed the most has won. */
export const arena: Game<ArenaState, typeof inputLayout, typeof viewLayout> = {
  name: 'arena',
  version: 3,
  title: 'Arena',
  seats: { min: SEATS_MIN, max: SEATS_MAX },
  tickMs: TICK_MS,
  sendEveryTicks: 2,
  lastsMsMax: 200_000,
  joinInProgress: true,
  spectators: true,
  inputLayout,
  viewLayout,
  sharedView: true,

  create: ({ random, options }) => createState(random, options),
  join: (state, seat, turn) => join(state, seat.index, turn),
  leave,
  input,
  tick: playTick,
  view: (state, _seat, out) => writeView(state, out),
  snapshot: toSnapshot,
  restore: fromSnapshot,
  outcome: outcomeOf,
  bot: (state: ArenaState, seat: number, skill: number, random: Random) => decide(state, seat, skill, random),
}

/** A seat that was left and is taken again (a person in a bot's place) starts from nothing. Joining twice changes nothing. */
function join(state: ArenaState, seat: number, turn: Turn): void {
  const avatar = avatarOf(state, seat)
  if (isPresent(avatar) || state.phase === PHASE.over) return
  Object.assign(avatar, blankAvatar())
  state.tick = turn.tick
  avatar.inputTick = turn.tick
  spawn(state, seat)
}

/** Shots in the air fly on and still count. A leave after the end changes no standing. */
function leave(state: ArenaState, seat: number): void {
  const avatar = avatarOf(state, seat)
  if (!isPresent(avatar) || state.phase === PHASE.over) return
  avatar.life = LIFE.left
  letGo(avatar)
}

function input(state: ArenaState, seat: number, given: ArenaInput, turn: Turn, seenTick?: number): void {
  const avatar = avatarOf(state, seat)
  if (!isPresent(avatar)) return
  avatar.moveX = given.moveX
  avatar.moveY = given.moveY
  avatar.aim = given.aim
  avatar.fire = given.fire
  avatar.tapped = Math.max(avatar.tapped, given.fire)
  avatar.inputTick = turn.tick
  avatar.hindsight = hindsightOf(turn.tick, seenTick)
}
