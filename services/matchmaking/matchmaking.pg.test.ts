import { testDatabase } from '@meydan/conformance/harness'
import { type Id, seededRandom } from '@meydan/contracts/core'
import { idMaker } from '@meydan/kernel/ids'
import { manualClock } from '@meydan/kernel/time'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { LEFT_BEHIND_MS } from './matcher.ts'
import { arena, Neighbours } from './neighbours.test-support.ts'
import { PRESENCE_MS } from './presence.ts'
import { type Process, startProcess } from './process.test-support.ts'
import { WAITING_MS_MAX } from './rules.ts'

const PATIENT_MS = 3_600_000

const clock = manualClock()
const nextId = idMaker(clock, 7)
const database = await testDatabase('matchmaking')
afterAll(() => database.close())

let neighbours: Neighbours
let here: Process
const start = (botWaitMs = PATIENT_MS) => startProcess({ database, clock, nextId, neighbours, botWaitMs })
const askAll = async (...players: Id[]) => {
  for (const player of players) await here.ask(player)
}

beforeEach(async () => {
  neighbours = new Neighbours(clock)
  here = await start()
  await database.postgres.pool.query('truncate matchmaking.rooms, matchmaking.tickets, matchmaking.outbox')
})

describe('the queue on a real Postgres', () => {
  test('A1 asking writes a ticket and publishes the event that a consumer takes up, once', async () => {
    expect(await here.ask('11')).toMatchObject({ state: 'queued', seated: 1, needed: 3 })
    expect(await here.ask('11')).toEqual(await here.status('11'))
    expect(await here.publishedEvents()).toEqual(['MATCH_REQUESTED'])
  })

  test('A2 three people start at once, and a fourth joins the running room', async () => {
    await askAll('1', '2', '3')
    await here.look()
    const first = await here.status('1')
    expect(first.state).toBe('playing')
    await here.ask('4')
    await here.look()
    expect(await here.status('4')).toEqual(first)
  })

  test('A2 who waits moves to a running room when a seat there becomes free', async () => {
    await askAll('1', '2', '3', '4', '5')
    await here.look()
    await here.ask('6')
    await here.look()
    expect(await here.status('6')).toMatchObject({ state: 'queued' })
    neighbours.leave('1')
    for (const event of neighbours.events.splice(0)) await here.hear(event)
    await here.look()
    expect(await here.status('6')).toEqual(await here.status('2'))
  })

  test('A4 asking again while in a game answers which; after leaving, the next ask is a new one, for another room', async () => {
    await askAll('1', '2', '3')
    await here.look()
    const playing = await here.ask('1')
    expect(playing.state).toBe('playing')
    // The event that frees the ticket has not been heard yet; when it comes at last, it is about the room before.
    neighbours.leave('1')
    expect((await here.ask('1')).state).toBe('queued')
    await here.look()
    for (const event of neighbours.events.splice(0)) await here.hear(event)
    expect((await here.status('1')).state).toBe('queued')
    await askAll('4', '5')
    const patient = await start(0)
    await patient.look()
    expect(await here.status('1')).toMatchObject({ state: 'playing' })
    expect(await here.status('1')).not.toEqual(playing)
  })

  test('A2 who cancels while the room starts is in it: its people are fixed, and never fewer than three', async () => {
    await askAll('1', '2', '3')
    neighbours.moods.set('open', 'late')
    await here.look()
    expect((await here.cancel('2')).state).toBe('queued')
    neighbours.heal()
    clock.advance(LEFT_BEHIND_MS + 1)
    await here.look()
    expect(neighbours.breaches).toEqual([])
    expect((await here.status('2')).state).toBe('playing')
  })

  test('A2 A4 cancelling while the matcher decides never starts a room of two', async () => {
    for (let round = 0; round < 20; round++) {
      const players = [0, 1, 2].map((index) => String(100 + round * 3 + index))
      await askAll(...players)
      await Promise.all([here.look(), here.cancel(players[1] ?? '')])
      expect(neighbours.breaches).toEqual([])
      await Promise.all(players.map((player) => here.cancel(player)))
      for (const room of neighbours.rooms.keys()) neighbours.end(room)
      for (const event of neighbours.events.splice(0)) await here.hear(event)
    }
  })

  test('A4 that a player left comes to be known late, and takes no ticket for another game away', async () => {
    await askAll('1', '2', '3')
    await here.look()
    neighbours.leave('1')
    await here.ask('1')
    neighbours.moods.set('seat', 'silent')
    await here.look()
    for (const event of neighbours.events.splice(0)) await here.hear(event)
    expect((await here.status('1')).state).toBe('queued')
  })

  test('A4 asking while the news comes that the player left always gives a ticket', async () => {
    await askAll('1', '2', '3')
    for (let round = 0; round < 20; round++) {
      await here.look()
      neighbours.leave('1')
      const news = neighbours.events.splice(0)
      await Promise.all([here.ask('1'), ...news.map((event) => here.hear(event))])
      expect((await here.status('1')).state).toBe('queued')
      const others = [String(1_000 + 2 * round), String(1_001 + 2 * round)]
      await askAll(...others)
    }
  })

  test('A2 a room that may have been opened is not given up, whatever else fails meanwhile', async () => {
    await askAll('1', '2', '3')
    neighbours.moods.set('open', 'late')
    await here.look()
    neighbours.moods.set('names', 'silent')
    clock.advance(LEFT_BEHIND_MS + 1)
    await here.look()
    await here.cancel('2')
    neighbours.heal()
    for (const player of ['1', '2', '3']) expect(neighbours.roomsWith(player)).toHaveLength(1)
    clock.advance(LEFT_BEHIND_MS + 1)
    await here.look()
    expect(neighbours.breaches).toEqual([])
    for (const player of ['1', '2', '3']) expect((await here.status(player)).state).toBe('playing')
  })

  test('A3 while there is no room for another match people wait together, and ask for one room at a time', async () => {
    const people = Array.from({ length: 40 }, (_, index) => String(index + 1))
    neighbours.moods.set('open', 'full')
    await askAll(...people)
    await here.look()
    const asked = neighbours.opens
    for (let look = 0; look < 5; look++) await here.look()
    expect(neighbours.opens - asked).toBe(5)
    const waiting = await Promise.all(people.map((player) => here.status(player)))
    expect(waiting).toEqual(people.map(() => expect.objectContaining({ state: 'queued', seated: 5, needed: 3 })))
    neighbours.heal()
    for (let look = 0; look < 5; look++) await here.look()
    for (const player of people) expect((await here.status(player)).state).toBe('playing')
    expect(neighbours.breaches).toEqual([])
  })

  test('A4 a running room that refuses a player is tried once; others or bots follow', async () => {
    await askAll('1', '2', '3')
    await here.look()
    const [room] = [...neighbours.rooms.values()]
    for (const full of ['98', '99']) room?.people.add(full)
    await here.ask('4')
    await here.look()
    expect(await here.status('4')).toMatchObject({ state: 'queued' })
    await (await start(0)).look()
    expect((await here.status('4')).state).toBe('playing')
    expect(neighbours.rooms.size).toBe(2)
  })

  test('A4 a seat whose answer was lost is asked for again in the same room', async () => {
    await askAll('1', '2', '3')
    await here.look()
    neighbours.moods.set('seat', 'lost')
    await here.ask('4')
    await here.look()
    expect((await here.status('4')).state).toBe('queued')
    neighbours.heal()
    clock.advance(LEFT_BEHIND_MS + 1)
    await here.look()
    expect(await here.status('4')).toEqual(await here.status('1'))
    expect(neighbours.rooms.size).toBe(1)
  })

  test('A3 bots fill a room, fitted to its people, and without them it is a waiting room again with the place kept', async () => {
    const before = await here.ask('1')
    neighbours.moods.set('bots', 'silent')
    const eager = await start(0)
    await eager.look()
    const { ticketId } = before.state === 'queued' ? before : { ticketId: undefined }
    expect(await here.status('1')).toMatchObject({ state: 'queued', ticketId })
    neighbours.heal()
    await (await start(0)).look()
    expect((await here.status('1')).state).toBe('playing')
    expect(neighbours.hired).toEqual([{ count: 3, rating: 1_001 }])
  })

  test('A3 after ten minutes bots come at the latest, however long they were to be waited for', async () => {
    await here.ask('1')
    await here.look()
    for (let waitedMs = 0; waitedMs <= WAITING_MS_MAX; waitedMs += 30_000) {
      clock.advance(30_000)
      await here.stillHere('1')
    }
    await here.look()
    expect((await here.status('1')).state).toBe('playing')
  })

  test('A5 a player who vanished is dropped and holds nobody up', async () => {
    await askAll('1', '2')
    await here.look()
    clock.advance(PRESENCE_MS - 1)
    await askAll('1', '3')
    clock.advance(2)
    await here.look()
    expect(neighbours.rooms.size).toBe(0)
    await here.ask('4')
    await here.look()
    expect((await here.status('4')).state).toBe('playing')
    expect((await here.status('2')).state).toBe('idle')
  })

  test('A5 a restart forgets nobody who waits; who does not come back is dropped as late as anybody', async () => {
    await askAll('1', '2')
    const again = await start()
    await again.look()
    expect((await again.status('1')).state).toBe('queued')
    clock.advance(PRESENCE_MS + 1)
    await again.stillHere('1')
    await again.look()
    expect((await again.status('1')).state).toBe('queued')
    expect((await again.status('2')).state).toBe('idle')
  })

  test('A2 A4 fifty who ask at once, matched by several processes, are each in exactly one room of three to five', async () => {
    const players = Array.from({ length: 50 }, (_, index) => String(1_000 + index))
    const random = seededRandom(5)
    await Promise.all(
      players.map(async (player) => {
        await new Promise((resolve) => setTimeout(resolve, random.int(0, 60)))
        await here.ask(player)
        await here.look()
      }),
    )
    await (await start(0)).look()
    expect(neighbours.breaches).toEqual([])
    for (const player of players) expect(neighbours.roomsWith(player)).toHaveLength(1)
    for (const { people } of neighbours.rooms.values()) expect(people.size).toBeLessThanOrEqual(arena.seats.max)
  })
})
