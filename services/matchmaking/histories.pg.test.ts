import { testDatabase } from '@meydan/conformance/harness'
import type { Id } from '@meydan/contracts/core'
import { idMaker } from '@meydan/kernel/ids'
import { manualClock } from '@meydan/kernel/time'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { LEFT_BEHIND_MS } from './matcher.ts'
import { type Mood, type Neighbour, Neighbours } from './neighbours.test-support.ts'
import { PRESENCE_MS } from './presence.ts'
import { type Process, startProcess } from './process.test-support.ts'

const PLAYERS: readonly Id[] = Array.from({ length: 9 }, (_, index) => String(index + 1))
const BOT_WAIT_MS = 10_000
const HISTORIES = 30

const clock = manualClock()
const nextId = idMaker(clock, 7)
const database = await testDatabase('matchmaking_histories')
afterAll(() => database.close())

const player = fc.constantFrom(...PLAYERS)
const neighbour = fc.constantFrom<Neighbour>('names', 'ratings', 'bots', 'open', 'seat')
const mood = fc.constantFrom<Mood>('well', 'full', 'silent', 'lost', 'late')
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('ask' as const), player }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('look' as const), process: fc.nat(1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cancel' as const), player }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), player }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('hear' as const), which: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('mood' as const), neighbour, mood }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 12_000 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('vanish' as const), player }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('end' as const), which: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('late' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), process: fc.nat(1) }) },
)
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** One platform with two matchmaking processes, its neighbours, and people who do as they like. */
class History {
  readonly neighbours = new Neighbours(clock)
  readonly #here = new Set<Id>()
  readonly #wants = new Set<Id>()
  #processes: Process[] = []

  async begin(): Promise<void> {
    this.#processes = [await this.#start(), await this.#start()]
    await database.postgres.pool.query('truncate matchmaking.rooms, matchmaking.tickets, matchmaking.outbox')
  }

  async run(steps: readonly Step[]): Promise<void> {
    // Three at a time run into each other as they would on the wire.
    for (let from = 0; from < steps.length; from += 3) {
      await Promise.all(steps.slice(from, from + 3).map((each) => this.#take(each)))
    }
    expect(this.neighbours.breaches).toEqual([])
  }

  /** Everything works again; whoever is here asks. All of them must end up in one game each. */
  async settle(): Promise<void> {
    this.neighbours.heal()
    for (const playerId of PLAYERS) if (this.#here.has(playerId)) this.#wants.add(playerId)
    for (let round = 0; round < 12; round++) {
      for (const event of this.neighbours.events.splice(0)) await this.#any().hear(event)
      for (const playerId of this.#wants) await this.#any().ask(playerId)
      await Promise.all(this.#processes.map((process) => process.look()))
      await this.#wait(Math.ceil(Math.max(LEFT_BEHIND_MS, BOT_WAIT_MS) / 2))
    }
    expect(this.neighbours.breaches).toEqual([])
    for (const playerId of this.#wants) {
      const rooms = this.neighbours.roomsWith(playerId)
      expect(rooms, `player ${playerId} plays one game`).toHaveLength(1)
      expect(await this.#any().status(playerId)).toMatchObject({ state: 'playing', roomId: rooms[0] })
    }
    const { rows } = await database.postgres.pool.query(`select * from matchmaking.tickets where state <> 'playing'`)
    expect(rows, 'nobody is left behind').toEqual([])
  }

  #any(): Process {
    const process = this.#processes[this.#here.size % 2]
    if (!process) throw new Error('the history has not begun')
    return process
  }

  #start(): Promise<Process> {
    return startProcess({ database, clock, nextId, neighbours: this.neighbours, botWaitMs: BOT_WAIT_MS })
  }

  async #take(each: Step): Promise<void> {
    const { neighbours } = this
    switch (each.kind) {
      case 'ask':
        this.#here.add(each.player)
        this.#wants.add(each.player)
        return void (await this.#any().ask(each.player))
      case 'cancel':
        this.#wants.delete(each.player)
        return void (await this.#any().cancel(each.player))
      case 'look':
        return this.#processes[each.process]?.look()
      case 'leave':
        return neighbours.leave(each.player)
      case 'vanish':
        this.#here.delete(each.player)
        return void this.#wants.delete(each.player)
      case 'end': {
        const room = [...neighbours.rooms.keys()][each.which]
        return room === undefined ? undefined : neighbours.end(room)
      }
      case 'hear': {
        const [event] = neighbours.events.splice(each.which, 1)
        return event && this.#any().hear(event)
      }
      case 'mood':
        return void neighbours.moods.set(each.neighbour, each.mood)
      case 'late':
        return neighbours.late.shift()?.()
      case 'wait':
        return this.#wait(each.ms)
      case 'restart':
        this.#processes[each.process] = await this.#start()
    }
  }

  /** Time passes; the sockets of whoever is here say so every 15 s. */
  async #wait(ms: number): Promise<void> {
    for (let leftMs = ms; leftMs > 0; leftMs -= PRESENCE_MS / 3) {
      clock.advance(Math.min(leftMs, PRESENCE_MS / 3))
      for (const process of this.#processes) for (const playerId of this.#here) await process.stillHere(playerId)
    }
  }
}

test('A1–A5 hold through any history of people, two matchers, restarts, lost answers and late events', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
      const history = new History()
      await history.begin()
      await history.run(steps)
      await history.settle()
    }),
    { numRuns: HISTORIES },
  )
}, 300_000)
