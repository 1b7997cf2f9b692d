import { ViewPlan } from '@meydan/contracts/wire'
import { expect, test } from 'vitest'
import { type ArenaOwn, arenaForesight } from './foresight.ts'
import type { ArenaInput } from './layout.ts'
import { viewLayout, writeView } from './layout.ts'
import { openMatch } from './match.ts'
import { type ArenaState, avatarOf, FIRE } from './state.ts'

const plan = new ViewPlan(viewLayout)
/** The view of a match as a client decodes it. */
const viewOf = (state: ArenaState) => plan.tablesOf(plan.collect((out) => writeView(state, out)))

/** Plays `inputs` ahead of a match whose first seat then gets just these, and says where each step was, there and here. */
function ahead(before: (match: ReturnType<typeof openMatch>) => void, inputs: readonly ArenaInput[]) {
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
  const haste = (match: ReturnType<typeof openMatch>) => {
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
