import { BOLT, LIFE, PHASE, SCATTER, SHOT_SLOTS_PER_SEAT } from '@meydan/games/arena'
import { describe, expect, test } from 'vitest'
import { happenings } from './happenings.ts'

type View = Parameters<typeof happenings>[0]
type Avatar = NonNullable<ReturnType<View['avatars']['get']>>

const whole: Avatar = { x: 100, y: 200, aim: 0, health: 100, life: LIFE.alive, shells: 2, hasteEndsTick: 0 }
const none = { score: 0, kills: 0, deaths: 0 }
const shot = { x: 5, y: 6, aim: 0, born: 9, spent: 0, hindsight: 0 }
const quiet: View = {
  avatars: new Map([
    [0, whole],
    [1, whole],
  ]),
  scores: new Map([
    [0, none],
    [1, none],
  ]),
  shots: new Map(),
  pickups: new Map(),
  match: new Map([[0, { phase: PHASE.playing, endsTick: 900 }]]),
}
const own = (change: Partial<Avatar>): View => ({
  ...quiet,
  avatars: new Map(quiet.avatars).set(0, { ...whole, ...change }),
})
const told = (before: View, after: View) => happenings(before, after, 0).map(({ what }) => what)

describe('what a player sees and hears happen', () => {
  test('A13 nothing, when nothing did', () => {
    expect(told(quiet, quiet)).toEqual([])
  })

  test('A13 each shot is heard once, with its weapon, also when it takes an earlier one’s place', () => {
    const slot = SHOT_SLOTS_PER_SEAT + 8
    const one = { ...quiet, shots: new Map([[0, shot]]) }
    const two = {
      ...quiet,
      shots: new Map([
        [0, shot],
        [slot, shot],
      ]),
    }
    expect(happenings(quiet, one, 0)).toEqual([{ what: 'fired', weapon: BOLT, seat: 0, at: { x: 5, y: 6 } }])
    expect(happenings(one, two, 0)).toEqual([{ what: 'fired', weapon: SCATTER, seat: 1, at: { x: 5, y: 6 } }])
    expect(told(two, two)).toEqual([])
    expect(told(one, { ...quiet, shots: new Map([[0, { ...shot, born: 40 }]]) })).toEqual(['fired'])
  })

  test('A13 harm tells how much, and one’s own hits are told by the score', () => {
    expect(happenings(quiet, own({ health: 64 }), 0)).toEqual([
      { what: 'hurt', seat: 0, at: { x: 100, y: 200 }, health: 36 },
    ])
    expect(told(quiet, { ...quiet, scores: new Map(quiet.scores).set(0, { ...none, score: 20 }) })).toEqual(['struck'])
    expect(told(quiet, { ...quiet, scores: new Map(quiet.scores).set(1, { ...none, score: 20 }) })).toEqual([])
  })

  test('A13 whatever is picked up is heard; to come back to life is something else', () => {
    expect(told(own({ health: 50 }), own({ health: 90 }))).toEqual(['taken'])
    expect(told(own({ shells: 0 }), own({ shells: 3 }))).toEqual(['taken'])
    expect(told(quiet, own({ hasteEndsTick: 400 }))).toEqual(['taken'])
    expect(told(own({ health: 0, shells: 0, life: LIFE.dead }), own({ life: LIFE.shielded }))).toEqual(['back'])
  })

  test('A13 the begin of the match is heard once', () => {
    const warmup = { ...quiet, match: new Map([[0, { phase: PHASE.warmup, endsTick: 200 }]]) }
    expect(told(warmup, quiet)).toEqual(['began'])
    expect(told(quiet, quiet)).toEqual([])
  })
})
