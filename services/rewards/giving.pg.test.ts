import type { Id } from '@meydan/contracts/core'
import { USER_CREATED, USER_DELETED } from '@meydan/contracts/identity'
import { MATCH_FINISHED } from '@meydan/contracts/matches'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { codeOf, NOON, openWorld, type World } from './tests/world.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
let world: World
let players = 1_000
function someone(): Id {
  const playerId = String(++players)
  world.accounts.add(playerId)
  return playerId
}
beforeAll(async () => {
  world = await openWorld()
})
beforeEach(() => {
  world.wallet.mood = 'well'
})
afterAll(() => world.close())

describe('the fast path', () => {
  test('B7 G2 what is granted is there when it is answered, and the player is told', async () => {
    const ada = someone()
    const told = await world.listenTo(ada)
    await world.grant({ playerId: ada, type: 'chest', amount: 2 })
    await world.give({ playerId: ada, type: 'xp', amount: 150, reason: 'for-patience' })
    await world.grant({ playerId: ada, type: 'coins', amount: 700 })
    expect(await world.mine(ada)).toMatchObject({
      level: { level: 2, experience: 150, levelFrom: 100, levelTo: 300 },
      items: [{ type: 'chest', amount: 2 }],
    })
    expect(world.wallet.has(ada)).toBe(700)
    await expect.poll(() => told.map(({ event }) => event)).toEqual(['REWARDED', 'REWARDED', 'LEVEL_UP', 'REWARDED'])
    expect(told[1]?.data).toMatchObject({
      rewards: [{ type: 'xp', amount: 150 }],
      reason: 'for-patience',
      level: { level: 2 },
    })
  })

  test('G2 the same key is once, also at the same moment in two processes; another request with it is refused', async () => {
    const ada = someone()
    const other = world.process()
    const asked = { playerId: ada, type: 'coins', amount: 5, key: 'once' }
    const chest = { playerId: ada, type: 'chest', amount: 1, key: 'one-chest' }
    const all = await Promise.all([world, other, world, other].flatMap((at) => [at.grant(asked), at.grant(chest)]))
    expect(new Set(all.map(({ rewardId }) => rewardId)).size).toBe(2)
    expect(world.wallet.has(ada)).toBe(5)
    expect((await world.mine(ada)).items).toEqual([{ type: 'chest', amount: 1 }])
    for (const change of [{ amount: 6 }, { type: 'gems' }, { reason: 'other' }, { playerId: someone() }]) {
      expect(await codeOf(world.grant({ ...asked, ...change }))).toBe('KEY_REUSED')
    }
    // An admin's keys are their own.
    await world.give(asked)
    expect(world.wallet.has(ada)).toBe(10)
  })

  test('G1 G2 types and players that are not there are refused by their field', async () => {
    const ada = someone()
    for (const type of ['gold', 'constructor', 'to-string']) {
      await expect(world.grant({ playerId: ada, type, amount: 1 })).rejects.toMatchObject({
        code: 'UNKNOWN_TYPE',
        details: { field: 'type', type },
      })
    }
    await expect(world.grant({ playerId: '77', type: 'xp', amount: 1 })).rejects.toMatchObject({
      code: 'UNKNOWN_PLAYER',
      details: { field: 'playerId' },
    })
  })

  test('G4 sums are those of the history, which nobody changes', async () => {
    const ada = someone()
    const amounts = Array.from({ length: 40 }, (_, index) => index + 1)
    await Promise.all(
      amounts.map((amount) => world.grant({ playerId: ada, type: amount % 2 ? 'chest' : 'xp', amount })),
    )
    const [sums] = await world.rows<{ same: boolean }>(`select
      (select experience from rewards.players where player_id = ${ada}) = sum(gained) filter (where kind = 'experience')
      and (select amount from rewards.items where player_id = ${ada}) = sum(gained) filter (where kind = 'item') as same
      from rewards.rewards where player_id = ${ada}`)
    expect(sums).toEqual({ same: true })
    expect(await world.mine(ada)).toMatchObject({ level: { experience: 420 }, items: [{ type: 'chest', amount: 400 }] })
    await expect(world.rows(`update rewards.rewards set gained = 1 where player_id = ${ada}`)).rejects.toThrow('stays')
  })

  test('G5 a booster multiplies experience while it runs, the strongest alone, and is made longer by another', async () => {
    const ada = someone()
    await world.grant({ playerId: ada, type: 'double-xp', amount: 30 })
    await world.grant({ playerId: ada, type: 'double-xp', amount: 30 })
    await world.grant({ playerId: ada, type: 'triple-xp', amount: 10 })
    const ends = (minutes: number) => new Date(NOON + minutes * 60_000).toISOString()
    expect((await world.mine(ada)).boosters).toEqual([
      { type: 'double-xp', factor: 2, endsAt: ends(60) },
      { type: 'triple-xp', factor: 3, endsAt: ends(10) },
    ])
    const gain = async () => {
      const before = (await world.mine(ada)).level.experience
      await world.grant({ playerId: ada, type: 'xp', amount: 7 })
      return (await world.mine(ada)).level.experience - before
    }
    expect(await gain()).toBe(21)
    world.clock.advance(10 * 60_000)
    expect(await gain()).toBe(14)
    world.clock.advance(50 * 60_000)
    expect(await gain()).toBe(7)
    await world.grant({ playerId: ada, type: 'double-xp', amount: 1_000_000_000 })
    const [longest] = (await world.mine(ada)).boosters
    expect(longest?.endsAt).toBe(new Date(world.clock.now() + 365 * DAY_MS).toISOString())
    await world.grant({ playerId: ada, type: 'double-xp', amount: 1_000_000_000 })
    expect((await world.mine(ada)).boosters).toEqual([longest])
  })
})

describe('money', () => {
  test('G3 a wallet that is away is said so, and what was written is paid once it is back, once', async () => {
    const ada = someone()
    const asked = { playerId: ada, type: 'coins', amount: 50, key: 'while-away' }
    world.wallet.mood = 'away'
    expect(await codeOf(world.grant(asked))).toBe('UNAVAILABLE')
    world.wallet.mood = 'well'
    await world.grant(asked)
    expect(world.wallet.has(ada)).toBe(50)
    world.clock.advance(60_000)
    await world.runJob('pay')
    expect(world.wallet.has(ada)).toBe(50)
    expect(await world.rows('select * from rewards.unpaid')).toEqual([])
  })

  test('G3 what a crash left between the wallet and the note is finished by any process, and never paid twice', async () => {
    const [ada, bora] = [someone(), someone()]
    world.wallet.mood = 'lost'
    expect(await codeOf(world.grant({ playerId: ada, type: 'gems', amount: 3 }))).toBe('DEADLINE_EXCEEDED')
    world.wallet.mood = 'away'
    expect(await codeOf(world.grant({ playerId: bora, type: 'gems', amount: 4 }))).toBe('UNAVAILABLE')
    world.wallet.mood = 'well'
    const other = world.process()
    await other.runJob('pay')
    expect([world.wallet.has(ada, 'gems'), world.wallet.has(bora, 'gems')], 'it is not their turn yet').toEqual([3, 0])
    world.clock.advance(10_000)
    await Promise.all([other.runJob('pay'), world.runJob('pay')])
    expect([world.wallet.has(ada, 'gems'), world.wallet.has(bora, 'gems')]).toEqual([3, 4])
    expect(await world.rows('select * from rewards.unpaid')).toEqual([])
  })
})

describe('the reward of the day', () => {
  test('G6 days in a row give more, once a day (UTC) from however many devices, and a day missed begins anew', async () => {
    const ada = someone()
    const other = world.process()
    const outcomes = await Promise.all([world, other, world].map((at) => codeOf(at.daily(ada))))
    expect(outcomes.toSorted()).toEqual(['CLAIMED_TODAY', 'CLAIMED_TODAY', 'done'])
    expect(world.wallet.has(ada)).toBe(1_000)
    expect((await world.mine(ada)).streak).toMatchObject({
      days: 1,
      claimedToday: true,
      rewards: [{ type: 'coins', amount: 1_500 }],
      nextAt: '2026-11-19T00:00:00.000Z',
    })
    world.clock.advance(DAY_MS)
    const next = await Promise.all([world, other, world].map((at) => codeOf(at.daily(ada))))
    expect(next.toSorted()).toEqual(['CLAIMED_TODAY', 'CLAIMED_TODAY', 'done'])
    for (let day = 3; day <= 9; day++) {
      world.clock.advance(DAY_MS)
      expect((await world.daily(ada)).streak.days).toBe(day)
    }
    expect((await world.mine(ada)).items).toEqual([{ type: 'chest', amount: 3 }])
    expect((await world.mine(ada)).level.experience).toBe(50)
    world.clock.advance(2 * DAY_MS)
    expect((await world.mine(ada)).streak).toMatchObject({ days: 0, claimedToday: false, rewards: [{ amount: 1_000 }] })
    expect(await world.daily(ada)).toMatchObject({ rewards: [{ type: 'coins', amount: 1_000 }], streak: { days: 1 } })
  })
})

describe('matches', () => {
  const finished = (matchId: Id, placed: readonly { playerId: Id; rank: number; bot?: boolean }[]) =>
    world.envelope(MATCH_FINISHED, {
      match: {
        matchId,
        game: 'arena',
        startedAt: '2026-11-18T11:57:00.000Z',
        endedAt: '2026-11-18T12:00:00.000Z',
        reason: 'time',
        placings: placed.map(({ bot = false, ...who }) => ({
          ...who,
          bot,
          name: who.playerId,
          score: 1,
          ratingBefore: null,
          ratingAfter: null,
        })),
      },
    })

  test('G7 people are given experience and coins by their place, bots nothing, once for a match', async () => {
    const [ada, bora, bot] = [someone(), someone(), '9']
    const told = await world.listenTo(ada)
    const event = finished('500', [
      { playerId: bot, rank: 1, bot: true },
      { playerId: ada, rank: 2 },
      { playerId: bora, rank: 5 },
    ])
    await Promise.all([world.deliver(event), world.process().deliver(event)])
    // The same match under another event's id: its keys are those of match and player.
    await world.deliver({ ...event, id: world.made.kit.nextId() })
    await world.relay()
    expect((await world.mine(ada)).level.experience).toBe(60)
    expect((await world.mine(bora)).level.experience).toBe(20)
    expect((await world.mine(bot)).level.experience).toBe(0)
    expect([world.wallet.has(ada), world.wallet.has(bora), world.wallet.has(bot)]).toEqual([250, 0, 0])
    await expect.poll(() => told).toMatchObject([{ event: 'REWARDED', data: { reason: 'reward.match' } }])
  })

  test('G3 G7 coins of a match that were written when the process died are paid by the job', async () => {
    const ada = someone()
    await world.deliver(finished('501', [{ playerId: ada, rank: 1 }]))
    expect(world.wallet.has(ada)).toBe(0)
    world.clock.advance(10_000)
    await world.process().runJob('pay')
    await world.relay()
    expect(world.wallet.has(ada)).toBe(500)
  })

  test('G13 a deleted account keeps nothing, and nothing that is heard of later brings it back', async () => {
    const ada = someone()
    await world.grant({ playerId: ada, type: 'chest', amount: 2 })
    await world.grant({ playerId: ada, type: 'double-xp', amount: 9 })
    await world.daily(ada)
    const at = new Date(NOON).toISOString()
    await world.deliver(world.envelope(USER_DELETED, { userId: ada, at }))
    await world.deliver(world.envelope(USER_CREATED, { userId: ada, loginType: 'guest', at }))
    await world.deliver(finished('502', [{ playerId: ada, rank: 1 }]))
    await world.relay()
    expect(await world.mine(ada)).toMatchObject({
      level: { experience: 0 },
      items: [],
      boosters: [],
      streak: { days: 0 },
    })
    for (const table of ['rewards', 'items', 'boosters', 'inbox']) {
      expect(await world.rows(`select * from rewards.${table} where player_id = ${ada}`), table).toEqual([])
    }
    expect(await codeOf(world.grant({ playerId: ada, type: 'xp', amount: 1 }))).toBe('UNKNOWN_PLAYER')
    expect(await codeOf(world.daily(ada))).toBe('UNAUTHENTICATED')
  })
})
