import { seededRandom } from '@meydan/contracts/core'
import { ViewPlan } from '@meydan/contracts/wire'
import { expect, test } from 'vitest'
import { type ArenaOwn, arenaForesight, shotsOfRow } from './foresight.ts'
import { type ArenaInput, viewLayout, writeView } from './layout.ts'
import { PICKUPS } from './map.ts'
import { type Match, openMatch } from './match.ts'
import { shotOwner, shotRange } from './shots.ts'
import { type ArenaState, avatarOf, FIRE, LIFE } from './state.ts'
import { BOLT } from './weapons.ts'

/** Ticks from view to view. */
const AHEAD_TICKS = 2
/** A shot that ends before the next view tells nobody that it was fired; here every one has at least so far to go, in px. */
const ROOM_TO_FIRE = 80
const HINDSIGHT = 4

const plan = new ViewPlan(viewLayout)
/** The view of a match as a client decodes it. */
const viewOf = (state: ArenaState) => plan.tablesOf(plan.collect((out) => writeView(state, out)))

/** Plays `inputs` ahead of a match whose first seat then gets just these, and says where each step was, there and here. */
function ahead(before: (match: Match) => void, inputs: readonly ArenaInput[]) {
  const match = openMatch(1, 2, { warmupMs: 0 })
  match.run()
  before(match)
  let own: ArenaOwn | undefined = arenaForesight.own(viewOf(match.state), 0, match.turn.tick, undefined)
  const steps = inputs.map((input) => {
    const tick = match.turn.tick + 1
    own = own && arenaForesight.step(own, input, { tick, seenTick: tick })
    match.input(0, input)
    match.run()
    const { x, y, shells } = avatarOf(match.state, 0)
    return { foretold: own && { x: own.x, y: own.y, shells: own.shells }, played: { x, y, shells } }
  })
  return { steps, own, match }
}

const right: ArenaInput = { moveX: 1, moveY: 0.5, aim: 100, fire: FIRE.none }

test('A10 haste that ends under way ends in the same tick ahead of the server', () => {
  const haste = (match: Match) => {
    avatarOf(match.state, 0).hasteEndsTick = match.turn.tick + 20
  }
  const { steps } = ahead(
    haste,
    Array.from({ length: 40 }, () => right),
  )
  for (const { foretold, played } of steps) expect(foretold).toEqual(played)
})

test('A10 each weapon is foretold to fire when the server lets it, and an empty scatter fires bolts', () => {
  const inputs = Array.from({ length: 200 }, () => ({ ...right, moveX: 0, moveY: 0, fire: FIRE.scatter }))
  const { steps, own, match } = ahead(() => undefined, inputs)
  for (const { foretold, played } of steps) expect(foretold?.shells).toBe(played.shells)
  expect(avatarOf(match.state, 0).shells).toBe(0)
  expect(own?.reloadedTick).toBe(avatarOf(match.state, 0).reloadedTick)
  expect(own?.fired.length).toBeGreaterThan(0)
})

/** What can be foretold of seat 0, and the shots in the air, as the server has them. */
function truth(match: Match) {
  const { x, y, health, shells, hasteEndsTick } = avatarOf(match.state, 0)
  return { x, y, health, shells, hasteEndsTick, reloadedTick: avatarOf(match.state, 0).reloadedTick }
}

function foretold({ x, y, health, shells, hasteEndsTick, reloadedTick }: ArenaOwn) {
  return { x, y, health, shells, hasteEndsTick, reloadedTick }
}

test('A10 as long as nobody interferes, what is foretold comes true: steps, pickups, haste, shells, shots and reloading', () => {
  const came = { taken: 0, hasted: 0, shots: 0, pellets: 0 }
  for (let seed = 1; seed <= 40; seed++) {
    const match = openMatch(seed, 2, { warmupMs: 300 })
    const random = seededRandom(seed)
    const pickup = PICKUPS[seed % PICKUPS.length] ?? { x: 0, y: 0 }
    Object.assign(avatarOf(match.state, 0), { x: pickup.x + 60, y: pickup.y, health: 50, shells: 1 })
    Object.assign(avatarOf(match.state, 1), { life: LIFE.dead, lifeUntilTick: 1_000_000 })
    let input: ArenaInput = { moveX: -1, moveY: 0, aim: 0, fire: 0 }
    let told: ArenaOwn | undefined
    for (let round = 0; round < 200; round++) {
      told = arenaForesight.own(viewOf(match.state), 0, match.state.tick, told)
      if (!told) throw new Error('there is nothing to foretell')
      let own = told
      for (let ahead = 0; ahead < AHEAD_TICKS; ahead++) {
        if (round > 15 && random.float() < 0.1) {
          const stick = () => random.int(-16, 16) / 16
          input = { moveX: stick(), moveY: stick(), aim: random.int(0, 1_023), fire: 0 }
        }
        const { x, y } = avatarOf(match.state, 0)
        const fire = shotRange(x, y, input.aim, BOLT) > ROOM_TO_FIRE ? random.int(0, 2) : 0
        const seenTick = match.turn.tick - HINDSIGHT
        match.input(0, { ...input, fire }, seenTick)
        match.run()
        own = arenaForesight.step(own, { ...input, fire }, { tick: match.turn.tick, seenTick })
        expect(foretold(own)).toEqual(truth(match))
      }
      const flying = [...viewOf(match.state).shots].flatMap(([slot, row]) =>
        shotOwner(slot) === 0 ? shotsOfRow(slot, row) : [],
      )
      for (const { isForetold, ...shot } of own.fired.filter(({ weapon }) => weapon === BOLT)) {
        expect(isForetold).toBe(true)
        expect(flying).toContainEqual(shot)
      }
      came.taken += told.lying.length - own.lying.length
      came.hasted += own.hasteEndsTick > match.turn.tick ? 1 : 0
      came.shots += own.fired.length
      came.pellets += own.fired.filter(({ weapon }) => weapon.pellets > 1).length
    }
  }
  expect(Math.min(...Object.values(came))).toBeGreaterThan(10)
})

test('A10 there is nothing to foretell of one who is dead or gone, or when the match is over', () => {
  const match = openMatch(1, 3, { warmupMs: 0, matchMs: 1_000 })
  match.run(10)
  const own = () => arenaForesight.own(viewOf(match.state), 0, match.state.tick, undefined)
  expect(own()).toBeDefined()
  Object.assign(avatarOf(match.state, 0), { life: LIFE.dead, lifeUntilTick: 50 })
  expect(own()).toBeUndefined()
  match.run(100)
  expect(own()).toBeUndefined()
})
