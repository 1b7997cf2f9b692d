import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { ByteWriter, InputCodec, NO_TICK } from '@meydan/contracts/wire'
import {
  type ArenaInput,
  type ArenaState,
  arena,
  HINDSIGHT_TICKS_MAX,
  LIFE,
  MOVE_PER_TICK,
  RELOAD_TICKS,
} from '@meydan/games/arena'
import { describe, expect, test } from 'vitest'
import { type Cheat, seatCheat } from './cheat.ts'
import { counting } from './counter.ts'
import { PERFECT } from './link.ts'
import { seatPerson } from './person.ts'
import { refereed } from './referee.ts'
import { openWorld, type World } from './world.ts'

const TICK_MS = arena.tickMs
const BEYOND = 0xff
const STILL: ArenaInput = { moveX: 0, moveY: 0, aim: 0, fire: 0 }
type ArenaCheat = Cheat<typeof arena.inputLayout>

/** A match that has begun, with a cheat in seat 0 and, unless said otherwise, nobody else who does anything. */
async function arenaWith(people: readonly string[] = ['1', '2', '3']) {
  const { game, shots, states } = refereed()
  const world = await openWorld({ game, seed: 9, people, options: { warmupMs: 0 } })
  const cheat = await seatCheat(world, '1', arena)
  world.run(2_000)
  const [state] = states
  if (!state) throw new Error('the room has not ticked')
  return { world, cheat, shots, state }
}

function avatar(state: ArenaState, seat: number) {
  const found = state.avatars[seat]
  if (!found) throw new Error(`there is no seat ${seat}`)
  return found
}

/** Puts avatars where the test wants them, without shields, and lets a second pass in which they are seen there. */
function place(world: World, state: ArenaState, ...places: readonly (readonly [x: number, y: number])[]): void {
  for (const [seat, [x, y]] of places.entries()) Object.assign(avatar(state, seat), { x, y, life: LIFE.alive })
  world.run(1_000)
}

/** Does `work` in each tick for so long. */
function eachTick(world: World, ms: number, work: (tick: number) => void): void {
  for (let tick = 0; tick < ms / TICK_MS; tick++) {
    work(tick)
    world.run(TICK_MS)
  }
}

describe('a client that sends more than it may', () => {
  test('A6 a hundred inputs a tick move an avatar no faster than one', async () => {
    const { world, cheat, state } = await arenaWith()
    place(world, state, [200, 450], [800, 60], [800, 840])
    let last = 200
    let seq = 0
    eachTick(world, 1_500, () => {
      for (let frame = 0; frame < 100; frame++) cheat.say({ seq: ++seq, inputs: [{ ...STILL, moveX: 1 }] })
      const { x } = avatar(state, 0)
      expect(x - last).toBeLessThanOrEqual(MOVE_PER_TICK)
      last = x
    })
    expect(last).toBeGreaterThan(400)
    await world.close()
  })

  test('A6 where each input is a move, a flood of them makes no more moves than there were ticks', async () => {
    const { game, counts } = counting()
    const world = await openWorld({ game, seed: 1, people: ['1', '2'] })
    const cheat = await seatCheat(world, '1', game)
    const honest = await seatCheat(world, '2', game)
    let seq = 0
    eachTick(world, 15_000, () => {
      for (let frame = 0; frame < 6; frame++) {
        seq += 4
        cheat.say({ seq, inputs: Array(4).fill({ step: 1 }) })
      }
      honest.play({ step: 1 })
    })
    expect(counts.bySeat[1]).toBeGreaterThanOrEqual(998)
    // Four for the delay of the very first inputs, once.
    expect(counts.bySeat[0]).toBeLessThanOrEqual(1_000 + 4)
    expect(counts.most[0]).toBeLessThanOrEqual(4)
    await world.close()
  })

  test('A6 inputs that a stall held up are all made up for, at four a tick, as many as 32', async () => {
    const { game, counts } = counting()
    const world = await openWorld({ game, seed: 1, people: ['1', '2'] })
    const stalled = await seatCheat(world, '1', game)
    world.run(3_000)
    for (let held = 0; held < 100; held++) stalled.play({ step: 1 })
    world.run(300)
    expect(counts.bySeat[0]).toBeLessThanOrEqual(32)
    expect(counts.bySeat[0]).toBeGreaterThanOrEqual(30)
    expect(counts.most[0]).toBe(4)
    await world.close()
  })

  test('A6 a trigger pulled and let go a hundred times a tick fires once in 240 ms', async () => {
    const { world, cheat, shots, state } = await arenaWith()
    place(world, state, [200, 450], [800, 60], [800, 840])
    let seq = 0
    eachTick(world, 3_000, () => {
      for (let frame = 0; frame < 50; frame++) {
        seq++
        cheat.say({ seq, inputs: [{ ...STILL, fire: world.random.int(0, 1) }] })
      }
    })
    const births = shots.filter(({ owner }) => owner === 0).map(({ bornTick }) => bornTick)
    expect(births.length).toBeGreaterThan(10)
    for (const [index, born] of births.entries()) {
      if (index > 0) expect(born - (births[index - 1] ?? 0)).toBeGreaterThanOrEqual(RELOAD_TICKS)
    }
    await world.close()
  })
})

describe('a client that says what cannot be', () => {
  test('A6 values beyond their range are refused, and nobody moves by them', async () => {
    const { world, cheat, state } = await arenaWith()
    place(world, state, [200, 450], [800, 60], [800, 840])
    const huge = new InputCodec({
      moveX: { min: -1, max: 1_000, step: 1 / 16 },
      moveY: { min: -1, max: 1_000, step: 1 / 16 },
      aim: { min: 0, max: 60_000, step: 1 },
      fire: { min: 0, max: 200, step: 1 },
    })
    const { handle } = cheat.line.joined
    for (const wild of [{ moveX: 900 }, { moveY: 900 }, { aim: 50_000 }, { fire: 200 }]) {
      const inputs = [{ ...STILL, ...wild }]
      const frame = huge.encode(handle, { ackTick: cheat.ackTick, seq: 1, inputs })
      expect(() => new InputCodec(arena.inputLayout).decode(frame)).toThrow(/out of its range/)
      cheat.line.send(frame)
    }
    world.run(500)
    expect(avatar(state, 0)).toMatchObject({ x: 200, y: 450, aim: 0 })
    await world.close()
  })

  test('A6 a number of the far future locks nobody out but its sender, until it joins again', async () => {
    const { world, cheat, state } = await arenaWith(['1', '2', '3'])
    const other = await seatCheat(world, '2', arena)
    place(world, state, [200, 450], [200, 60], [800, 840])
    cheat.say({ seq: 0xffffffff, inputs: [{ ...STILL, moveX: 1 }] })
    world.run(1_000)
    const { x } = avatar(state, 0)
    eachTick(world, 500, () => {
      cheat.play({ ...STILL, moveX: -1 })
      other.play({ ...STILL, moveX: 1 })
    })
    // The one forged input held for half a second at most; what came after it is older, and not taken.
    expect(avatar(state, 0).x).toBe(x)
    expect(avatar(state, 1).x).toBeGreaterThan(300)
    const again = await seatCheat(world, '1', arena)
    eachTick(world, 500, () => again.play({ ...STILL, moveX: -1 }))
    expect(avatar(state, 0).x).toBeLessThan(x - 50)
    await world.close()
  })

  test('A6 numbers that go backwards or come again are one input each', async () => {
    const { game, counts } = counting()
    const world = await openWorld({ game, seed: 1, people: ['1', '2'] })
    const cheat = await seatCheat(world, '1', game)
    const step = { step: 1 }
    for (const seq of [3, 3, 2, 1, 3, 5, 4, 5, 5, 1]) cheat.say({ seq, inputs: [step] })
    cheat.say({ seq: 5, inputs: [step, step, step, step, step] })
    // More inputs than their numbers allow for: there is no input 0.
    cheat.say({ seq: 2, inputs: [step, step, step] })
    world.run(1_000)
    expect(counts.bySeat[0]).toBe(2)
    await world.close()
  })
})

describe('a client that lies about what it has seen', () => {
  /** Fires in each tick for a while as `say` says, and gives the hindsight of its shots. */
  async function hindsights(say: (cheat: ArenaCheat, seq: number, tick: number) => void): Promise<number[]> {
    const { world, cheat, shots, state } = await arenaWith()
    // Somebody moves, so that there is always something new to see.
    const other = await seatCheat(world, '2', arena)
    place(world, state, [200, 450], [800, 60], [800, 840])
    eachTick(world, 3_000, (tick) => {
      other.play({ ...STILL, moveX: tick % 40 < 20 ? 1 : -1 })
      say(cheat, tick + 1, tick)
    })
    await world.close()
    return shots.filter(({ owner }) => owner === 0).map(({ hindsight }) => hindsight)
  }
  const fire = [{ ...STILL, fire: 1 }]

  test('A10 an interpolation of seconds is worth 200 ms', async () => {
    const seen = await hindsights((cheat, seq) => cheat.say({ seq, inputs: fire, behindTicks: BEYOND }))
    expect(seen.length).toBeGreaterThan(5)
    expect(Math.max(...seen)).toBe(HINDSIGHT_TICKS_MAX)
  })

  test('A10 no game is told that somebody looked back for more than a second, or anything of one who has not said', async () => {
    const { game, counts } = counting()
    const world = await openWorld({ game, seed: 1, people: ['1', '2', '3'] })
    const cheat = await seatCheat(world, '1', game)
    const silent = await seatCheat(world, '2', game)
    const honest = await seatCheat(world, '3', game)
    eachTick(world, 6_000, () => {
      cheat.play({ step: 1 }, BEYOND)
      silent.play({ step: 1 })
      honest.play({ step: 1 }, 4)
    })
    expect(counts.lookedBack[0]).toBe(66)
    expect(counts.lookedBack[1]).toBe(-1)
    expect(counts.lookedBack[2]).toBeLessThanOrEqual(4 + 2)
    await world.close()
  })

  test('A10 acknowledging only what is long past is worth 200 ms', async () => {
    let first = NO_TICK
    const seen = await hindsights((cheat, seq) => {
      if (first === NO_TICK) first = cheat.ackTick
      cheat.say({ seq, ackTick: first, inputs: fire, behindTicks: 0 })
    })
    expect(seen.length).toBeGreaterThan(5)
    expect(Math.max(...seen)).toBe(HINDSIGHT_TICKS_MAX)
  })

  test('A10 acknowledging the future, or what was never sent, is not believed: no hindsight, and no snapshot from nowhere', async () => {
    for (const forged of [1_000_000, NO_TICK - 1, 3]) {
      const { world, cheat, shots, state } = await arenaWith()
      place(world, state, [200, 450], [800, 60], [800, 840])
      const wholesBefore = cheat.wholes
      eachTick(world, 2_000, (tick) => cheat.say({ seq: tick + 1, ackTick: forged, inputs: fire, behindTicks: BEYOND }))
      expect(shots.filter(({ owner }) => owner === 0).map(({ hindsight }) => hindsight)).not.toContain(1)
      expect(Math.max(...shots.map(({ hindsight }) => hindsight))).toBe(0)
      expect(cheat.wholes).toBeGreaterThan(wholesBefore)
      expect(cheat.newest?.tick).toBeGreaterThan(state.tick - 100)
      await world.close()
    }
  })

  test('A10 who has looked at the present does not look back: time on a screen has one direction', async () => {
    const seen = await hindsights((cheat, seq, tick) =>
      cheat.say({ seq, inputs: fire, behindTicks: tick % 3 === 0 ? 0 : BEYOND }),
    )
    expect(seen.length).toBeGreaterThan(5)
    // Snapshots are two ticks apart, and the first shot may see as long ago as nothing was heard of its shooter.
    expect(Math.max(...seen.slice(1))).toBeLessThanOrEqual(5)
  })

  test('A10 no claim shoots through a wall, or hits one who has been behind it for longer than 200 ms', async () => {
    for (const behindTicks of [0, 5, 13, 60, BEYOND]) {
      const { world, cheat, state } = await arenaWith()
      // A wall of 40 px between them.
      place(world, state, [280, 250], [400, 250], [800, 840])
      eachTick(world, 3_000, () => cheat.play({ ...STILL, fire: 1 }, behindTicks))
      expect(avatar(state, 1).health).toBe(100)
      eachTick(world, 600, () => cheat.play(STILL, behindTicks))
      // In the open, and then behind the block below for 14 ticks when the shot is where it was seen.
      place(world, state, [100, 450], [250, 450], [800, 840])
      Object.assign(avatar(state, 1), { x: 340, y: 760 })
      world.run((HINDSIGHT_TICKS_MAX + 1) * TICK_MS)
      eachTick(world, 600, () => cheat.play({ ...STILL, fire: 1 }, behindTicks))
      expect(avatar(state, 1).health).toBe(100)
      await world.close()
    }
  })

  test('A10 never acknowledging brings a whole view now and then, not a flood of them, and no hindsight', async () => {
    const { world, cheat, shots, state } = await arenaWith()
    place(world, state, [200, 450], [800, 60], [800, 840])
    const honest = await seatCheat(world, '2', arena)
    eachTick(world, 2_000, () => honest.play(STILL))
    const before = { frames: cheat.line.sent.frames, bytes: cheat.line.sent.bytes }
    const others = honest.line.sent.frames
    eachTick(world, 10_000, (tick) => {
      cheat.say({ seq: tick + 1, ackTick: NO_TICK, inputs: fire, behindTicks: 13 })
      honest.play({ ...STILL, moveX: tick % 40 < 20 ? 1 : -1 })
    })
    expect(cheat.line.sent.frames - before.frames).toBeLessThanOrEqual(11)
    expect(cheat.line.sent.bytes - before.bytes).toBeLessThan(4_000)
    expect(honest.line.sent.frames - others).toBeGreaterThan(320)
    expect(Math.max(...shots.map(({ hindsight }) => hindsight))).toBe(0)
    await world.close()
  })

  test('B17 taking each acknowledgement back brings whole views, at the pace of everybody’s snapshots', async () => {
    const { world, cheat, state } = await arenaWith()
    place(world, state, [200, 450], [800, 60], [800, 840])
    const honest = await seatCheat(world, '2', arena)
    eachTick(world, 2_000, () => honest.play(STILL))
    const before = { frames: cheat.line.sent.frames, wholes: cheat.wholes, others: honest.line.sent.frames }
    eachTick(world, 10_000, (tick) => {
      cheat.say({})
      for (let again = 0; again < 50; again++) cheat.say({ ackTick: NO_TICK })
      honest.play({ ...STILL, moveX: tick % 40 < 20 ? 1 : -1 })
    })
    const frames = cheat.line.sent.frames - before.frames
    expect(cheat.wholes - before.wholes).toBe(frames)
    expect(frames).toBeGreaterThan(320)
    expect(frames).toBeLessThanOrEqual(honest.line.sent.frames - before.others)
    await world.close()
  })
})

describe('everybody else', () => {
  /** Where an honest player's avatar and screen were, tick by tick, while another did what it liked. */
  async function pathBeside(misbehave: (cheat: ArenaCheat, tick: number) => void): Promise<unknown[]> {
    const { world, cheat, state } = await arenaWith(['1', '2', '3'])
    place(world, state, [200, 60], [200, 840], [1_400, 450])
    const honest = await seatCheat(world, '2', arena)
    const path: unknown[] = []
    eachTick(world, 3_000, (tick) => {
      misbehave(cheat, tick)
      honest.play({ ...STILL, moveX: tick % 60 < 40 ? 1 : -0.5, aim: 512, fire: tick % 20 === 0 ? 1 : 0 })
      const { x, y, health } = avatar(state, 1)
      path.push([x, y, health, honest.line.sent.frames, honest.ackTick])
    })
    await world.close()
    return path
  }

  test('A6 plays on as if nothing were the matter', async () => {
    const alone = await pathBeside(() => undefined)
    const writer = new ByteWriter()
    for (let byte = 0; byte < 40; byte++) writer.u8(byte * 37)
    const besides = await pathBeside((cheat, tick) => {
      for (let frame = 0; frame < 30; frame++) {
        cheat.say({ seq: tick * 8 + 8, ackTick: tick * 77, inputs: Array(8).fill(STILL), behindTicks: tick % 256 })
        cheat.line.send(writer.take())
      }
      cheat.say({ seq: 0xffffffff - tick, ackTick: NO_TICK, inputs: [] })
    })
    expect(besides).toEqual(alone)
  })

  test('A6 a person on a screen sees no more corrections beside a flood than without it', async () => {
    const { world, cheat } = await arenaWith(['1', '2', '3'])
    const corrections: number[] = []
    await seatPerson(world, '2', { up: PERFECT, down: PERFECT }, ({ nowMs, frame }) => {
      if (nowMs > 4_000) corrections.push(frame.correction)
    })
    let seq = 0
    eachTick(world, 8_000, () => {
      for (let frame = 0; frame < 50; frame++) {
        seq += 8
        cheat.say({ seq, inputs: Array(8).fill(STILL) })
      }
    })
    expect(corrections.length).toBeGreaterThan(300)
    expect(Math.max(...corrections)).toBeLessThan(1)
    await world.close()
  })

  test('A6 the process stays bounded under a hundred thousand frames', async () => {
    setFlagsFromString('--expose-gc')
    const collect: () => void = runInNewContext('gc')
    const { world, cheat } = await arenaWith()
    let seq = 0
    const flood = (ms: number): void =>
      eachTick(world, ms, (tick) => {
        for (let frame = 0; frame < 100; frame++) {
          seq += 8
          cheat.say({
            seq,
            ackTick: seq % 5 === 0 ? tick : NO_TICK,
            inputs: Array(8).fill(STILL),
            behindTicks: seq % 256,
          })
        }
      })
    flood(1_500)
    collect()
    const before = process.memoryUsage().heapUsed
    flood(15_000)
    collect()
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(2 * 2 ** 20)
    await world.close()
  })
})
