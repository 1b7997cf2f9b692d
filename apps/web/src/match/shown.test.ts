import { LIFE, SHOT_PER_TICK, SHOT_SLOTS_PER_SEAT } from '@meydan/games/arena'
import { expect, test } from 'vitest'
import { type ArenaFrame, shotsAt, shownAvatars } from './shown.ts'

type View = Parameters<typeof shotsAt>[0]

/** A bolt of seat 1 that was fired to the right at tick 100, in the open. */
const bolt = { x: 100, y: 450, aim: 0, born: 100, spent: 0, hindsight: 0 }
const view: View = {
  avatars: new Map(),
  scores: new Map(),
  shots: new Map([[SHOT_SLOTS_PER_SEAT, bolt]]),
  pickups: new Map(),
  match: new Map(),
}
const tailOf = ([shot]: ReturnType<typeof shotsAt>): number => (shot ? shot.x - shot.tailX : Number.NaN)

test('A13 a shot is drawn with its tail from the moment it leaves the barrel, and not before', () => {
  expect(shotsAt(view, 99, null)).toEqual([])
  expect(shotsAt(view, 100, null)).toEqual([])
  expect(tailOf(shotsAt(view, 101, null))).toBeCloseTo(SHOT_PER_TICK, 5)
  expect(tailOf(shotsAt(view, 110, null))).toBeCloseTo(26, 5)
})

test('A13 a shot that a wall has stopped is not drawn, whatever the view still says; nor are those of the seat left out', () => {
  expect(shotsAt(view, 160, null)).toEqual([])
  expect(shotsAt(view, 110, 1)).toEqual([])
  expect(shotsAt(view, 110, 0)).toHaveLength(1)
})

test('A10 whoever has fallen lies where that was, and is not drawn where the others see it on its way there', () => {
  const row = { y: 450, aim: 0, health: 100, life: LIFE.alive, shells: 0, hasteEndsTick: 0 }
  const seen: View = { ...view, avatars: new Map([[0, { ...row, x: 100 }]]) }
  const fallen: View = { ...view, avatars: new Map([[0, { ...row, x: 190, health: 0, life: LIFE.dead }]]) }
  const frame: ArenaFrame = {
    shownTick: 80,
    arrivedTick: 100,
    others: { from: seen, to: seen, part: 0 },
    own: undefined,
    place: undefined,
    correction: 0,
  }
  const room = { joined: { seat: 0 }, view: fallen }
  const names = { nameOf: () => '', playerOf: () => '' }
  expect(shownAvatars(frame, room, names, 0)).toMatchObject([{ x: 190, life: LIFE.dead, isMine: true }])
  const watching = { joined: { seat: null }, view: fallen }
  expect(shownAvatars(frame, watching, names, 0)).toMatchObject([{ x: 100, isMine: false }])
})
