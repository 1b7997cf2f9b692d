import { BET_ENDED, CRASH_BETTING, CRASH_ENDED, CRASH_STARTED } from '@meydan/contracts/crash'
import { multiplierAt } from '@meydan/games/crash'
import { beforeEach, expect, test } from 'vitest'
import { codeOf, openWorld } from './world.ts'

let world: Awaited<ReturnType<typeof openWorld>>
beforeEach(async () => {
  world = await openWorld()
  return () => world.close()
})

const LEASE_MS = 2_000

async function betting(...people: string[]): Promise<void> {
  for (const playerId of people) await world.bank.give(playerId, 10_000)
  await world.lobby('99')
  await world.until(() => world.last(CRASH_BETTING))
}
const rising = () => world.until(() => world.last(CRASH_STARTED))
const settled = (bets: number) => world.until(() => world.count(BET_ENDED) === bets, 0)

/** The first process stands still; another is asked once its lease has run out. */
async function taken(): Promise<void> {
  const first = world.processes.get('a')
  world.processes.delete('a')
  world.clock.advance(LEASE_MS + 1)
  const second = await world.process('b')
  await second.lobby('99')
  if (first) world.processes.set('a', first)
}

test('C12 a round that had surely not crashed is interrupted: what was cashed out and what was reached is paid, the rest goes back', async () => {
  await world.nextCrash(500, 900)
  await betting('1', '2', '3', '4')
  await world.bet('1', 1_000)
  await world.bet('2', 1_000, 110)
  await world.bet('3', 1_000, 400)
  await world.bet('4', 1_000)
  await rising()
  await world.until(() => world.count('CRASH_TICK') >= 60)
  const { payout } = await world.cashOut('1')
  await settled(2)
  const [{ proven_ms: provenMs = 0 } = {}] = await world.rows<{ proven_ms: number }>(
    'select proven_ms from crash.rounds',
  )
  await taken()
  expect(world.last(CRASH_ENDED)).toMatchObject({ outcome: 'interrupted', multiplier: multiplierAt(provenMs) })
  await settled(4)
  expect(await world.bank.has('1')).toEqual([9_000 + payout, 0])
  expect(await world.bank.has('2')).toEqual([10_100, 0])
  expect(await world.bank.has('3')).toEqual([10_000, 0])
  expect(await world.bank.has('4')).toEqual([10_000, 0])
  expect(await world.bank.sum()).toBe(0)
})

test('C12 a round whose crash point lay before the proven time has crashed there', async () => {
  const { crashPoint } = await world.nextCrash(110, 120)
  await betting('1', '2')
  await world.bet('1', 1_000)
  await world.bet('2', 1_000, 105)
  await rising()
  const [{ round_id: roundId = '' } = {}] = await world.rows<{ round_id: string }>('select round_id from crash.rounds')
  await world.rows(`update crash.rounds set proven_ms = 60000 where round_id = ${roundId}`)
  await taken()
  expect(world.last(CRASH_ENDED)).toMatchObject({ outcome: 'crashed', multiplier: crashPoint })
  await settled(2)
  expect(await world.bank.has('1')).toEqual([9_000, 0])
  expect(await world.bank.has('2')).toEqual([10_050, 0])
})

test('C12 bets of a round that had not begun go back, and the next round plays the same hash', async () => {
  await world.nextCrash(500, 900)
  await betting('1')
  await world.bet('1', 1_000)
  await taken()
  await settled(1)
  expect(await world.bank.has('1')).toEqual([10_000, 0])
  await world.until(() => world.count(CRASH_BETTING) === 2)
  const rounds = await world.rows('select state, number from crash.rounds order by round_id')
  expect(rounds).toMatchObject([
    { state: 'aborted', number: 1 },
    { state: 'betting', number: 1 },
  ])
})

test('C10 who does not know yet that the lobby is another’s writes nothing more, and says that it is moving', async () => {
  await world.nextCrash(500, 900)
  await betting('1', '2')
  await world.bet('1', 1_000)
  const before = await world.rows('select * from crash.bets')
  await world.rows('update crash.lobbies set fence = fence + 1')
  expect(await codeOf(world.bet('2', 1_000))).toBe('LOBBY_MOVING')
  await world.step(5_000)
  expect(await world.rows('select * from crash.bets')).toEqual(before)
  expect(await world.bank.has('2')).toEqual([10_000, 0])
})

test('C10 a cash-out that could not be stored is not acknowledged', async () => {
  await world.nextCrash(500, 900)
  await betting('1')
  await world.bet('1', 1_000)
  await rising()
  await world.rows('update crash.lobbies set fence = fence + 1')
  expect(await codeOf(world.cashOut('1'))).toBe('LOBBY_MOVING')
  expect(await world.rows('select state from crash.bets')).toEqual([{ state: 'open' }])
})

test('C10 a call that reaches a process without the lobby is passed to the one that has it', async () => {
  await betting('1')
  const second = await world.process('b')
  const bet = await second.bet('1', 1_000)
  expect((await world.lobby('1')).mine).toEqual(bet)
  await rising()
  expect(await codeOf(second.cashOut('1'))).toBe('done')
})
