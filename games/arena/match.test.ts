import { describe, expect, test } from 'vitest'
import { ALONE_TICKS, INPUT_HELD_TICKS, MOVE_PER_TICK, PROTECTION_TICKS, TICK_MS, ticks } from './balance.ts'
import { arena } from './game.ts'
import { openMatch } from './match.ts'
import { avatarOf, LIFE, PHASE } from './state.ts'

const WARMUP_TICKS = ticks(3_000)
const MATCH_TICKS = ticks(180_000)

describe('a match', () => {
  test('A6 is for 3 to 5, ticks every 15 ms and sends every second tick', () => {
    expect(arena).toMatchObject({ seats: { min: 3, max: 5 }, tickMs: 15, sendEveryTicks: 2, joinInProgress: true })
  })

  test('A6 in the warm-up all may move and none may fire', () => {
    const match = openMatch(1, 3)
    const { x } = avatarOf(match.state, 0)
    match.run(WARMUP_TICKS - 1, () => match.input(0, { moveY: 1 / 2, fire: 1 }))
    expect(match.state.phase).toBe(PHASE.warmup)
    expect(match.state.shots.some((shot) => shot.live)).toBe(false)
    match.run(2, () => match.input(0, { moveX: x > 800 ? -1 : 1, fire: 1 }))
    expect(match.events).toContainEqual({ type: 'MATCH_BEGAN', endsTick: WARMUP_TICKS + MATCH_TICKS })
    expect(match.state.shots.filter((shot) => shot.live)).toHaveLength(1)
  })

  test('A6 lasts three minutes and then has a winner', () => {
    const match = openMatch(1, 3)
    avatarOf(match.state, 1).score = 10
    match.run(WARMUP_TICKS + MATCH_TICKS - 1)
    expect(match.outcome()).toBeNull()
    match.run()
    expect((match.state.tick - WARMUP_TICKS) * TICK_MS).toBe(180_000)
    expect(match.outcome()).toEqual({
      reason: 'time',
      standings: [
        { seat: 1, rank: 1, score: 10 },
        { seat: 0, rank: 2, score: 0 },
        { seat: 2, rank: 2, score: 0 },
      ],
    })
    expect(match.events).toContainEqual({ type: 'MATCH_OVER', reason: 'time', winners: [1] })
    expect(arena.lastsMsMax).toBeGreaterThan(match.state.tick * TICK_MS)
  })

  test('A6 the same score shares a rank, and the next rank is left out', () => {
    const match = openMatch(1, 4, { matchMs: 1_000, warmupMs: 0 })
    for (const [seat, score] of [40, 90, 90, 10].entries()) avatarOf(match.state, seat).score = score
    match.run(ticks(1_000))
    expect(match.outcome()?.standings.map(({ seat, rank }) => [seat, rank])).toEqual([
      [1, 1],
      [2, 1],
      [0, 3],
      [3, 4],
    ])
    expect(match.events).toContainEqual({ type: 'MATCH_OVER', reason: 'time', winners: [1, 2] })
  })

  test('A6 nothing moves, fires or changes ranks once it is over', () => {
    const match = openMatch(1, 3, { matchMs: 1_000, warmupMs: 0 })
    match.run(ticks(1_000))
    const outcome = match.outcome()
    const { x, y } = avatarOf(match.state, 0)
    match.leave(2)
    match.join(4)
    match.run(50, () => match.input(0, { moveX: 1, moveY: 1, fire: 1 }))
    expect(avatarOf(match.state, 0)).toMatchObject({ x, y })
    expect(match.outcome()).toEqual(outcome)
    expect(match.events.filter((event) => event.type === 'MATCH_OVER')).toHaveLength(1)
  })

  test.each([{ matchMs: 0 }, { matchMs: 180_001 }, { warmupMs: -1 }, { warmupMs: Number.NaN }])(
    'A6 an option out of its range is refused by name: %o',
    (options) => {
      expect(() => openMatch(1, 3, options)).toThrow(`option ${Object.keys(options)[0]} must be a number`)
    },
  )
})

describe('coming and going', () => {
  test('A2 one who joins late starts whole, shielded and with no points, away from the others', () => {
    const match = openMatch(3, 4, { warmupMs: 0 })
    match.run(2_000)
    match.join(4)
    match.run()
    const late = avatarOf(match.state, 4)
    expect(late).toMatchObject({ life: LIFE.shielded, health: 100, score: 0 })
    const distances = [0, 1, 2, 3].map((seat) => {
      const other = avatarOf(match.state, seat)
      return Math.hypot(other.x - late.x, other.y - late.y)
    })
    expect(Math.min(...distances)).toBeGreaterThan(300)
    match.run(PROTECTION_TICKS)
    expect(late.life).toBe(LIFE.alive)
  })

  test('A4 one who leaves is off the field at once, and is ranked after those who stayed', () => {
    const match = openMatch(1, 4, { matchMs: 5_000, warmupMs: 0 })
    for (const [seat, score] of [300, 20, 0, 500].entries()) avatarOf(match.state, seat).score = score
    match.leave(0)
    match.run()
    expect(rowsOf(match.state, 'avatars')).toEqual([1, 2, 3])
    expect(rowsOf(match.state, 'scores')).toEqual([0, 1, 2, 3])
    match.leave(3)
    match.run(ticks(5_000))
    expect(match.outcome()?.standings).toEqual([
      { seat: 1, rank: 1, score: 20 },
      { seat: 2, rank: 2, score: 0 },
      { seat: 3, rank: 3, score: 500 },
      { seat: 0, rank: 4, score: 300 },
    ])
  })

  test('A6 one whom all others left wins after 10 s, unless somebody joins in time', () => {
    const match = openMatch(1, 3, { warmupMs: 0 })
    match.run(100)
    match.leave(0)
    match.leave(2)
    match.run(ALONE_TICKS - 1)
    match.join(4)
    match.run(ALONE_TICKS * 2)
    expect(match.outcome()).toBeNull()
    match.leave(4)
    match.run(ALONE_TICKS + 1)
    expect(match.outcome()?.reason).toBe('abandoned')
    expect(match.outcome()?.standings[0]).toEqual({ seat: 1, rank: 1, score: 0 })
    expect(match.outcome()?.standings).toHaveLength(4)
  })

  test('A6 a match that everybody has left is over at once; one that nobody has joined yet is not', () => {
    const empty = openMatch(1, 0)
    empty.run(1_000)
    expect(empty.outcome()).toBeNull()
    const match = openMatch(1, 3)
    for (const seat of [0, 1, 2]) match.leave(seat)
    match.run()
    expect(match.outcome()).toMatchObject({ reason: 'abandoned' })
  })

  test('A6 a person who takes the seat a bot has left starts from nothing', () => {
    const match = openMatch(1, 3, { warmupMs: 0 })
    Object.assign(avatarOf(match.state, 1), { score: 250, kills: 2, deaths: 1 })
    match.leave(1)
    match.run(10)
    match.join(1)
    match.run()
    expect(avatarOf(match.state, 1)).toMatchObject({ life: LIFE.shielded, score: 0, kills: 0, deaths: 0 })
  })

  test('A6 joining twice changes nothing', () => {
    const match = openMatch(1, 3)
    match.run(50, () => match.input(0, { moveX: 1 }))
    const before = arena.snapshot(match.state)
    match.join(0)
    expect(arena.snapshot(match.state)).toEqual(before)
  })
})

describe('inputs', () => {
  test('A10 an input holds until the next one, so a lost frame does not stop anybody', () => {
    const match = openMatch(1, 3)
    Object.assign(avatarOf(match.state, 0), { x: 400, y: 450 })
    match.input(0, { moveX: 1 })
    match.run(10)
    expect(avatarOf(match.state, 0).x).toBe(400 + 10 * MOVE_PER_TICK)
    match.input(0, { moveX: 0 })
    match.run(10)
    expect(avatarOf(match.state, 0).x).toBe(400 + 10 * MOVE_PER_TICK)
  })

  test('A6 after half a second of silence the avatar lets go of stick and trigger', () => {
    const match = openMatch(1, 3, { warmupMs: 0 })
    match.run(PROTECTION_TICKS)
    Object.assign(avatarOf(match.state, 0), { x: 100, y: 60 })
    match.input(0, { moveX: 1, aim: 256, fire: 1 })
    match.run(INPUT_HELD_TICKS * 3)
    const gone = avatarOf(match.state, 0).x - 100
    expect(gone / MOVE_PER_TICK).toBeGreaterThanOrEqual(INPUT_HELD_TICKS - 1)
    expect(gone / MOVE_PER_TICK).toBeLessThanOrEqual(INPUT_HELD_TICKS)
    expect(avatarOf(match.state, 0).fire).toBe(0)
  })

  test('A6 a seat the arena does not have is the caller’s mistake and says so', () => {
    const match = openMatch(1, 3)
    for (const seat of [-1, 5, 1.5]) expect(() => match.input(seat, {})).toThrow(`no seat ${seat}`)
    match.input(4, { moveX: 1 })
    match.run()
    expect(avatarOf(match.state, 4)).toMatchObject({ life: LIFE.absent, moveX: 0 })
  })
})

/** The ids of a view's rows in one table. */
function rowsOf(state: Parameters<typeof arena.view>[0], table: string): number[] {
  const ids: number[] = []
  arena.view(state, null, {
    row: (name, id) => {
      if (name === table) ids.push(id)
    },
  })
  return ids
}
