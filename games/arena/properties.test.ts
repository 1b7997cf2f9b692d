import { createHash } from 'node:crypto'
import { seededRandom } from '@meydan/contracts/core'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { aimTowards } from './angle.ts'
import {
  AVATAR_RADIUS,
  HASTE_PER_TICK,
  HASTE_STEPS_PER_TICK,
  HEALTH_MAX,
  MOVE_PER_TICK,
  MOVE_STEPS_PER_TICK,
  POSITION_STEP,
  PROTECTION_TICKS,
  SCORE_PER_KILL,
  SEATS_MAX,
  SHELLS_MAX,
  SHOT_SLOTS_PER_SEAT,
} from './balance.ts'
import { arena } from './game.ts'
import { circleOverlapsRect } from './geometry.ts'
import { inputLayout, viewLayout } from './layout.ts'
import { FIELD_HEIGHT, FIELD_WIDTH, OBSTACLES } from './map.ts'
import { type Match, openMatch } from './match.ts'
import { moveAvatar, stepsPerTick } from './movement.ts'
import { type ArenaState, avatarOf, isUp, LIFE, PHASE } from './state.ts'

/** What happens before a tick is played. Sticks and aims are drawn from the grid of the input layout. */
type Step =
  | { kind: 'input'; seat: number; moveX: number; moveY: number; aim: number; fire: number }
  | { kind: 'join' | 'leave'; seat: number }
  | { kind: 'wait'; ticks: number }

const seat = fc.integer({ min: 0, max: SEATS_MAX - 1 })
const axis = fc.integer({ min: -16, max: 16 }).map((sixteenths) => sixteenths / 16)
const aim = fc.integer({ min: inputLayout.aim.min, max: inputLayout.aim.max })
const fire = fc.integer({ min: inputLayout.fire.min, max: inputLayout.fire.max })
const input = fc.record({ kind: fc.constant('input' as const), seat, moveX: axis, moveY: axis, aim, fire })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: input },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('wait' as const), ticks: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('join' as const, 'leave' as const), seat }) },
)
const seed = fc.integer({ min: 0, max: 0xffffffff })
const steps = fc.array(step, { minLength: 1, maxLength: 120, size: 'max' })

const OPTIONS = { warmupMs: 150 }

/** Plays the steps; `each` sees the state after every tick. */
function play(match: Match, script: readonly Step[], each?: (state: ArenaState) => void): Match {
  for (const done of script) {
    if (done.kind === 'input') match.input(done.seat, done)
    else if (done.kind === 'join') match.join(done.seat)
    else if (done.kind === 'leave') match.leave(done.seat)
    const ticks = done.kind === 'wait' ? done.ticks : 1
    for (let played = 0; played < ticks; played++) {
      match.run()
      each?.(match.state)
    }
  }
  return match
}

function hash(state: ArenaState): string {
  return createHash('sha256')
    .update(JSON.stringify(arena.snapshot(state)))
    .digest('hex')
}

afterEach(() => {
  vi.restoreAllMocks()
})

/** States all that must hold of any state, whatever was played. */
function assertSound(state: ArenaState): void {
  for (const avatar of state.avatars) {
    for (const value of Object.values(avatar)) if (!Number.isFinite(value)) throw new Error('not a number')
    if (avatar.health < 0 || avatar.health > HEALTH_MAX) throw new Error(`health is ${avatar.health}`)
    if (avatar.shells < 0 || avatar.shells > SHELLS_MAX) throw new Error(`${avatar.shells} shells`)
    if (avatar.life >= LIFE.shielded && avatar.health === 0) throw new Error('up without health')
    if (!isUp(avatar)) continue
    const { x, y } = avatar
    const inField =
      x >= AVATAR_RADIUS && x <= FIELD_WIDTH - AVATAR_RADIUS && y >= AVATAR_RADIUS && y <= FIELD_HEIGHT - AVATAR_RADIUS
    if (!inField) throw new Error(`outside the field at ${x}, ${y}`)
    if (OBSTACLES.some((rect) => circleOverlapsRect(x, y, AVATAR_RADIUS, rect)))
      throw new Error(`in a wall at ${x}, ${y}`)
    if (x % POSITION_STEP !== 0 || y % POSITION_STEP !== 0) throw new Error(`off the grid at ${x}, ${y}`)
  }
  if (state.avatars.length !== SEATS_MAX || state.shots.length !== SEATS_MAX * SHOT_SLOTS_PER_SEAT)
    throw new Error('lists have grown')
}

describe('whatever is played', () => {
  test('A6 avatars stay on the field, out of walls, on the grid, with sound health and no number that is none', () => {
    fc.assert(
      fc.property(seed, steps, (from, script) => {
        play(openMatch(from, 3, OPTIONS), script, assertSound)
      }),
      { numRuns: 150 },
    )
  })

  test('A6 a thousand ticks of wild inputs from everybody, several a tick, leave a sound state', () => {
    const wild = fc.infiniteStream(input)
    fc.assert(
      fc.property(seed, wild, (from, stream) => {
        const match = openMatch(from, SEATS_MAX, OPTIONS)
        for (let tick = 0; tick < 1_000; tick++) {
          for (const given of stream.take(3)) match.input(given.seat, given)
          match.run()
          assertSound(match.state)
        }
      }),
      { numRuns: 10 },
    )
  })

  test('A6 pushed anywhere on the field for long, an avatar never enters a wall and never moves faster than it may', () => {
    fc.assert(
      fc.property(
        axis,
        axis,
        fc.integer({ min: 144, max: 12_656 }),
        fc.integer({ min: 144, max: 7_056 }),
        fc.constantFrom([MOVE_STEPS_PER_TICK, MOVE_PER_TICK] as const, [HASTE_STEPS_PER_TICK, HASTE_PER_TICK] as const),
        (moveX, moveY, gridX, gridY, [stepsMax, perTick]) => {
          const body = { x: gridX * POSITION_STEP, y: gridY * POSITION_STEP }
          fc.pre(!OBSTACLES.some((rect) => circleOverlapsRect(body.x, body.y, AVATAR_RADIUS, rect)))
          for (let tick = 0; tick < 120; tick++) {
            const before = { ...body }
            moveAvatar(body, { moveX, moveY }, stepsMax)
            // Rounding away from a wall's corner may add a grid step along each axis.
            expect(Math.hypot(body.x - before.x, body.y - before.y)).toBeLessThanOrEqual(perTick + 2 * POSITION_STEP)
            expect(OBSTACLES.some((rect) => circleOverlapsRect(body.x, body.y, AVATAR_RADIUS, rect))).toBe(false)
          }
        },
      ),
      { numRuns: 400 },
    )
  })

  test('A6 every seat that ever joined stands in the outcome once, with ranks that follow from the scores', () => {
    fc.assert(
      fc.property(seed, steps, (from, script) => {
        const match = play(openMatch(from, 4, { ...OPTIONS, matchMs: 6_000 }), script)
        const joined = new Set([0, 1, 2, 3])
        if (match.state.phase !== PHASE.over) match.run(600)
        const standings = match.outcome()?.standings ?? []
        for (const [index, avatar] of match.state.avatars.entries()) if (avatar.life !== LIFE.absent) joined.add(index)
        expect(standings.map((standing) => standing.seat).toSorted()).toEqual([...joined].toSorted())
        expect(standings[0]?.rank).toBe(1)
        for (const [index, standing] of standings.entries()) {
          const before = standings[index - 1]
          if (before) expect([before.rank, index + 1]).toContain(standing.rank)
          expect(standing.score).toBe(avatarOf(match.state, standing.seat).score)
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe('what is won', () => {
  test('A6 points are made only of health that somebody lost, and 50 of each death, which everybody is told of', () => {
    const sum = (state: ArenaState, field: 'health' | 'score' | 'deaths') =>
      state.avatars.reduce((total, avatar) => total + avatar[field], 0)
    let deaths = 0
    fc.assert(
      fc.property(seed, fc.array(input, { minLength: 200, maxLength: 400, size: 'max' }), (from, inputs) => {
        const match = openMatch(from, SEATS_MAX, { warmupMs: 0 })
        match.run(PROTECTION_TICKS + 1)
        // Close together, and with nothing to heal them, whatever they lose somebody took.
        for (const [at, avatar] of match.state.avatars.entries()) Object.assign(avatar, { x: 450 + at * 60, y: 450 })
        match.state.pickupReturnsTick.fill(10_000)
        for (const given of inputs) {
          const before = { health: sum(match.state, 'health'), score: sum(match.state, 'score') }
          const heard = match.events.length
          match.input(given.seat, given)
          match.run(3)
          const told = match.events.slice(heard).map(({ type }) => type)
          const [kills, came] = ['KILL', 'RESPAWN'].map((type) => told.filter((one) => one === type).length)
          const lost = before.health + (came ?? 0) * HEALTH_MAX - sum(match.state, 'health')
          expect(sum(match.state, 'score') - before.score).toBe(lost + (kills ?? 0) * SCORE_PER_KILL)
        }
        deaths += sum(match.state, 'deaths')
      }),
      { numRuns: 40 },
    )
    expect(deaths).toBeGreaterThan(10)
  })
})

describe('replay', () => {
  test('A6 the same seed and inputs give the same state', () => {
    fc.assert(
      fc.property(seed, steps, (from, script) => {
        expect(hash(play(openMatch(from, 3, OPTIONS), script).state)).toBe(
          hash(play(openMatch(from, 3, OPTIONS), script).state),
        )
      }),
      { numRuns: 60 },
    )
  })

  test('A6 a recorded match still replays: when this fails, the rules changed, and the version must be raised with the hash', () => {
    const match = openMatch(2026, 5, OPTIONS)
    const random = seededRandom(7)
    match.run(4_000, (tick) => {
      if (tick % 10 !== 0) return
      const stick = () => random.int(-16, 16) / 16
      for (let shooter = 0; shooter < 5; shooter++) {
        const from = avatarOf(match.state, shooter)
        const at = avatarOf(match.state, (shooter + 1) % 5)
        const toTarget = aimTowards(at.x - from.x, at.y - from.y)
        match.input(shooter, { moveX: stick(), moveY: stick(), aim: toTarget, fire: random.int(0, 2) })
      }
    })
    expect(match.events.some((event) => event.type === 'KILL')).toBe(true)
    expect({ version: arena.version, hash: hash(match.state).slice(0, 16) }).toEqual({
      version: 3,
      hash: '4d9ae3a6e7b6a989',
    })
  })

  test('A8 a state restored from its snapshot at any tick goes on exactly as the one it was taken of', () => {
    fc.assert(
      fc.property(seed, steps, steps, (from, before, after) => {
        const match = play(openMatch(from, 4, OPTIONS), before)
        const twin = play(openMatch(from, 4, OPTIONS), before)
        // A pulled trigger that no tick has seen yet is part of the state too.
        for (const one of [match, twin]) {
          one.input(0, { fire: 1 })
          one.input(0, { fire: 0 })
        }
        // Through JSON, as a cache would keep it.
        twin.state = arena.restore(JSON.parse(JSON.stringify(arena.snapshot(match.state))))
        expect(hash(twin.state)).toBe(hash(match.state))
        play(match, after)
        play(twin, after)
        expect(hash(twin.state)).toBe(hash(match.state))
        expect(viewOf(twin.state)).toEqual(viewOf(match.state))
        expect(twin.outcome()).toEqual(match.outcome())
      }),
      { numRuns: 80 },
    )
  })

  test('A8 a snapshot is its own: what is played afterwards does not change it', () => {
    const match = openMatch(5, 5, OPTIONS)
    const snapshot = arena.snapshot(match.state)
    const kept = JSON.stringify(snapshot)
    match.run(200, (tick) => match.input(tick % 5, { moveX: 1, aim: tick % 1024, fire: 1 + (tick % 2) }))
    expect(JSON.stringify(snapshot)).toBe(kept)
    expect(kept.length).toBeLessThan(3_000)
  })

  test.each([null, 7, [], {}, { match: [1, 2, 3, 4, 5], reason: '', avatars: [], shots: [], pickups: [], spawns: [] }])(
    'A8 what is not a snapshot is refused: %o',
    (plain) => {
      expect(() => arena.restore(plain)).toThrow(TypeError)
    },
  )

  test('A6 no rule asks the clock or chance that was not passed in', () => {
    const forbidden = (what: string) => () => {
      throw new Error(`a rule used ${what}`)
    }
    vi.spyOn(Math, 'random').mockImplementation(forbidden('Math.random'))
    vi.spyOn(Date, 'now').mockImplementation(forbidden('Date.now'))
    vi.spyOn(performance, 'now').mockImplementation(forbidden('performance.now'))
    const match = openMatch(5, 5, OPTIONS)
    match.run(2_000, (tick) => {
      const decision = arena.bot(match.state, tick % 5, 0.5, match.turn.random)
      if (decision) match.input(tick % 5, decision)
    })
    expect(match.events.length).toBeGreaterThan(1)
  })
})

describe('the view', () => {
  test('A6 every value of every row lies in its field, on its step, and ids stay apart', () => {
    fc.assert(
      fc.property(seed, steps, (from, script) => {
        play(openMatch(from, 5, OPTIONS), script, (state) => {
          for (const [key, row] of viewOf(state)) {
            const layout: Record<string, { min: number; max: number; step: number }> = tableOf(key)
            for (const [field, { min, max, step: grain }] of Object.entries(layout)) {
              const value = row[field] ?? Number.NaN
              if (!(value >= min && value <= max && (value - min) % grain === 0))
                throw new Error(`${key}.${field} is ${value}`)
            }
          }
        })
      }),
      { numRuns: 30 },
    )
  })

  test('A10 a client that repeats the server’s step from what the view says is exactly where the server has it', () => {
    // Haste that was never there, that ends under way, and that outlasts the inputs.
    const hasteEndsTick = fc.integer({ min: 0, max: 80 })
    fc.assert(
      fc.property(seed, fc.array(input, { minLength: 20, maxLength: 60 }), hasteEndsTick, (from, inputs, ends) => {
        const match = openMatch(from, 3, { warmupMs: 10_000 })
        avatarOf(match.state, 0).hasteEndsTick = ends
        const seen = viewOf(match.state).get('avatars:0')
        const predicted = { x: seen?.x ?? 0, y: seen?.y ?? 0 }
        for (const [index, given] of inputs.entries()) {
          match.input(0, given)
          match.run()
          moveAvatar(predicted, given, stepsPerTick(seen?.hasteEndsTick ?? 0, index + 1))
        }
        const { x, y } = viewOf(match.state).get('avatars:0') ?? {}
        expect({ x, y }).toEqual(predicted)
      }),
    )
  })

  test('A6 a shot’s row does not change while it flies, and a clock costs no bytes', () => {
    const match = openMatch(5, 3, OPTIONS)
    match.run(20)
    match.input(0, { aim: 500, fire: 1 })
    match.run()
    match.input(0, { aim: 500, fire: 0 })
    const born = viewOf(match.state)
    match.run(10)
    const later = viewOf(match.state)
    expect([...born.keys()].filter((key) => key.startsWith('shots:'))).toHaveLength(1)
    for (const [key, row] of born) expect(later.get(key)).toEqual(row)
  })
})

function tableOf(key: string) {
  for (const [table, layout] of Object.entries(viewLayout)) if (key.startsWith(`${table}:`)) return layout
  throw new Error(`no table for ${key}`)
}

/** A view by `table:id`, with the fields the layout names. Throws when an id comes twice. */
function viewOf(state: ArenaState): Map<string, Record<string, number>> {
  const rows = new Map<string, Record<string, number>>()
  arena.view(state, 0, {
    row: (table, id, values) => {
      const key = `${table}:${id}`
      if (rows.has(key)) throw new Error(`${key} comes twice`)
      const given: Record<string, number> = values
      rows.set(
        key,
        Object.fromEntries(Object.keys(viewLayout[table]).map((field) => [field, given[field] ?? Number.NaN])),
      )
    },
  })
  return rows
}
