import { describe, expect, test } from 'vitest'
import {
  HEALTH_MAX,
  PELLET_DAMAGE,
  PELLET_PER_TICK,
  PELLET_RANGE,
  PELLETS,
  PROTECTION_TICKS,
  RELOAD_TICKS,
  SCATTER_RELOAD_TICKS,
  SHELLS_AT_SPAWN,
  SHELLS_MAX,
  SHOT_DAMAGE,
} from './balance.ts'
import { arena } from './game.ts'
import { type Match, openMatch } from './match.ts'
import { pelletAim, shotDistance, shotOwner, shotRange } from './shots.ts'
import { avatarOf, FIRE } from './state.ts'
import { BOLT, SCATTER, shotWeapon } from './weapons.ts'

const EAST = 0
const FLIGHT_TICKS = Math.ceil(PELLET_RANGE / PELLET_PER_TICK)
const far: readonly [number, number] = [800, 830]

function arrange(places: readonly (readonly [x: number, y: number])[]): Match {
  const match = openMatch(7, places.length, { warmupMs: 0 })
  match.run(PROTECTION_TICKS + 1)
  for (const [seat, [x, y]] of places.entries()) Object.assign(avatarOf(match.state, seat), { x, y })
  return match
}

function pull(match: Match, fire: number, aim = EAST): void {
  match.input(0, { aim, fire })
  match.run()
  match.input(0, { aim, fire: FIRE.none })
}

const health = (match: Match, seat: number) => avatarOf(match.state, seat).health
const flying = (match: Match) => match.state.shots.filter((shot) => shot.live)

/** The rows of the view's shots, by slot. */
function shotRows(match: Match): Map<number, { x: number; y: number; aim: number; born: number; spent: number }> {
  const rows = new Map<number, { x: number; y: number; aim: number; born: number; spent: number }>()
  arena.view(match.state, null, {
    row: (table, id, values) => {
      if (table !== 'shots') return
      const { x = 0, y = 0, aim = 0, born = 0, spent = 0 }: Record<string, number> = values
      rows.set(id, { x, y, aim, born, spent })
    },
  })
  return rows
}

describe('the scatter', () => {
  test('A6 a blast takes most near by, less farther off, and nothing beyond its range', () => {
    const harmAt = (distance: number) => {
      const match = arrange([[400, 500], [400 + distance, 500], far])
      pull(match, FIRE.scatter)
      match.run(FLIGHT_TICKS + 1)
      return HEALTH_MAX - health(match, 1)
    }
    expect(harmAt(50)).toBe(PELLETS * PELLET_DAMAGE)
    expect(harmAt(75)).toBe(PELLETS * PELLET_DAMAGE)
    expect(harmAt(130)).toBe(3 * PELLET_DAMAGE)
    expect(harmAt(250)).toBe(PELLET_DAMAGE)
    expect(harmAt(PELLET_RANGE + 30)).toBe(0)
  })

  test('A6 a blast costs a shell and the time to load; neither weapon fires meanwhile', () => {
    const match = arrange([[400, 480], [1400, 60], far])
    pull(match, FIRE.scatter)
    expect(avatarOf(match.state, 0).shells).toBe(SHELLS_AT_SPAWN - 1)
    expect(flying(match)).toHaveLength(PELLETS)
    let blasts = 0
    let bolts = 0
    match.run(SCATTER_RELOAD_TICKS, () => {
      match.input(0, { fire: FIRE.bolt })
      for (const slot of shotRows(match).keys()) shotWeapon(slot) === BOLT ? bolts++ : blasts++
    })
    expect({ bolts, blastSeen: blasts > 0 }).toEqual({ bolts: 0, blastSeen: true })
    match.run()
    expect(flying(match)).toHaveLength(1)
  })

  test('A6 an empty scatter fires bolts, so that the trigger never does nothing', () => {
    const match = arrange([[400, 480], [480, 480], far])
    avatarOf(match.state, 0).shells = 0
    pull(match, FIRE.scatter)
    expect(flying(match)).toHaveLength(1)
    match.run(RELOAD_TICKS - 1)
    expect(health(match, 1)).toBe(HEALTH_MAX - SHOT_DAMAGE)
    expect(avatarOf(match.state, 0)).toMatchObject({ shells: 0, reloadedTick: match.state.tick + 1 })
  })

  test('A6 a scatter pulled and let go between two ticks fires, also while the bolt’s trigger is held', () => {
    const match = arrange([[400, 480], [1400, 60], far])
    match.input(0, { fire: FIRE.scatter })
    match.input(0, { fire: FIRE.bolt })
    match.run()
    expect(flying(match)).toHaveLength(PELLETS)
  })

  test('A6 who falls to a blast is told of with its weapon, and comes back with the shells of a beginner', () => {
    const match = arrange([[400, 480], [450, 480], far])
    Object.assign(avatarOf(match.state, 1), { health: 10, shells: SHELLS_MAX })
    pull(match, FIRE.scatter)
    match.run(5)
    expect(match.events).toContainEqual({ type: 'KILL', killer: 0, victim: 1, weapon: FIRE.scatter })
    match.run(200)
    expect(avatarOf(match.state, 1)).toMatchObject({ health: HEALTH_MAX, shells: SHELLS_AT_SPAWN })
  })

  test('A6 walls stop pellets one by one', () => {
    // The middle of the fan meets the block's corner, the upper pellets pass it.
    const match = arrange([[640, 392], [1400, 60], far])
    pull(match, FIRE.scatter)
    match.run(12)
    expect(flying(match).length).toBeGreaterThan(0)
    expect(flying(match).length).toBeLessThan(PELLETS)
  })
})

describe('a blast on the wire', () => {
  test('A10 is one row, from which each pellet’s way follows as the server has it', () => {
    const match = arrange([[640, 392], [1400, 60], far])
    pull(match, FIRE.scatter, 1020)
    const [[slot, row] = [-1, undefined]] = shotRows(match)
    if (!row) throw new Error('no row')
    expect(shotRows(match).size).toBe(1)
    expect([shotOwner(slot), shotWeapon(slot)]).toEqual([0, SCATTER])
    for (let pellet = 0; pellet < PELLETS; pellet++) {
      const aim = pelletAim(row.aim, pellet, SCATTER)
      expect(match.state.shots[slot + pellet]).toMatchObject({ aim, range: shotRange(row.x, row.y, aim, SCATTER) })
    }
    match.run(5)
    expect(shotRows(match).get(slot)).toEqual(row)
    expect(shotDistance(row.born, match.state.tick, SCATTER)).toBeCloseTo(5 * PELLET_PER_TICK)
  })

  test('A10 tells which pellets have struck, and not which the range or walls ended', () => {
    const match = arrange([[640, 392], [709.25, 352], far])
    pull(match, FIRE.scatter)
    let spent = 0
    match.run(FLIGHT_TICKS, () => {
      for (const row of shotRows(match).values()) spent = row.spent
    })
    // Only the uppermost of the fan passes near enough.
    expect(spent).toBe(1)
    expect(health(match, 1)).toBe(HEALTH_MAX - PELLET_DAMAGE)
    match.run()
    expect(shotRows(match).size).toBe(0)
  })

  test('A8 a room restored while a blast flies shows the same pellets', () => {
    const match = arrange([[400, 480], [530, 480], far])
    pull(match, FIRE.scatter)
    match.run(10)
    const [row] = shotRows(match).values()
    expect(row?.spent).toBe(0b01110)
    const before = shotRows(match)
    match.state = arena.restore(JSON.parse(JSON.stringify(arena.snapshot(match.state))))
    expect(shotRows(match)).toEqual(before)
  })
})
