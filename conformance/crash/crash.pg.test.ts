import { contextOf, playerCaller } from '@meydan/conformance/harness'
import { BET_ENDED, CRASH_BETTING, CRASH_CASHED_OUT, CRASH_ENDED, CRASH_STARTED } from '@meydan/contracts/crash'
import { reachedAtMs } from '@meydan/games/crash'
import { beforeEach, describe, expect, test } from 'vitest'
import { codeOf, openWorld, RULES } from './world.ts'

let world: Awaited<ReturnType<typeof openWorld>>
beforeEach(async () => {
  world = await openWorld()
  return () => world.close()
})

/** Opens the lobby, with these people's money, and waits until bets are taken. */
async function betting(...people: string[]): Promise<void> {
  for (const playerId of people) await world.bank.give(playerId, 10_000)
  await world.lobby('99')
  await world.until(() => world.last(CRASH_BETTING))
}
const rising = () => world.until(() => world.last(CRASH_STARTED))
const ended = () => world.until(() => world.last(CRASH_ENDED))
const settled = (bets: number) => world.until(() => world.count(BET_ENDED) === bets, 0)

describe('a round', () => {
  test('C5 who cashes out in time is paid the multiplier of that moment, who does not loses the stake, and the books balance', async () => {
    const { crashPoint } = await world.nextCrash(300, 900)
    await betting('1', '2')
    await world.bet('1', 1_000)
    await world.bet('2', 500)
    expect(await world.bank.has('1')).toEqual([9_000, 1_000])
    await rising()
    world.clock.advance(reachedAtMs(200) % 500)
    for (let ms = reachedAtMs(200) % 500; ms < reachedAtMs(200); ms += 500) await world.step(500)
    const won = await world.cashOut('1')
    expect(won).toMatchObject({ state: 'won', multiplier: 200, payout: 2_000 })
    expect(await world.cashOut('1')).toEqual(won)
    await ended()
    expect(world.last(CRASH_ENDED)).toMatchObject({ outcome: 'crashed', multiplier: crashPoint })
    await settled(2)
    expect(await world.bank.has('1')).toEqual([11_000, 0])
    expect(await world.bank.has('2')).toEqual([9_500, 0])
    expect(await world.bank.sum()).toBe(0)
    expect(world.last(CRASH_CASHED_OUT)).toMatchObject({ wonCount: 1, paid: 2_000 })
    expect(await codeOf(world.cashOut('2'))).toBe('TOO_LATE')
  })

  test('C6 a target is paid exactly, whether its player is there or not; one above the crash point is lost', async () => {
    const { crashPoint } = await world.nextCrash(300, 900)
    await betting('1', '2')
    await world.bet('1', 1_000, 150)
    await world.bet('2', 1_000, crashPoint + 1)
    await rising()
    await ended()
    await settled(2)
    expect(await world.bank.has('1')).toEqual([10_500, 0])
    expect(await world.bank.has('2')).toEqual([9_000, 0])
  })

  test('C4 who comes in the middle is told all there is, and of their own bet', async () => {
    await world.nextCrash(300, 900)
    await betting('1', '2')
    const bet = await world.bet('1', 1_000, 250)
    await rising()
    await world.step(500)
    const seen = await world.lobby('2')
    expect(seen.mine).toBeNull()
    expect(seen.round).toMatchObject({ phase: 'rising', elapsedMs: 500, betCount: 1, staked: 1_000, crashedAt: null })
    expect(seen.round?.bets).toMatchObject([{ betId: bet.betId, name: 'Player 1', userNumber: 1 }])
    expect(seen.round?.bets[0]).not.toHaveProperty('autoCashOut')
    expect((await world.lobby('1')).mine).toMatchObject({ betId: bet.betId, autoCashOut: 250 })
  })

  test('C9 a lobby that waits for a bet begins its window with the first', async () => {
    await world.bank.give('1', 1_000)
    const { lobbyId } = await world.open('1', { waitsForBet: true })
    await world.until(() => world.last(CRASH_BETTING))
    for (let ms = 0; ms < 20_000; ms += 500) await world.step(500)
    expect((await world.lobby('1', lobbyId)).round).toMatchObject({ phase: 'waiting', bettingEndsAt: null })
    await world.bet('1', 100, undefined, 'the-first-bet', lobbyId)
    const at = world.clock.now()
    await rising()
    expect(world.clock.now() - at).toBeGreaterThanOrEqual(RULES.firstBetMs)
    expect(world.clock.now() - at).toBeLessThan(RULES.firstBetMs + 200)
  })

  test('C9 in a lobby that waits for a bet, one that comes in the pause ends it and begins the next round', async () => {
    await world.bank.give('1', 1_000)
    const { lobbyId } = await world.open('1', { waitsForBet: true })
    await world.until(() => world.last(CRASH_BETTING))
    const first = await world.bet('1', 100, undefined, 'the-first-bet', lobbyId)
    await world.until(() => world.last(CRASH_ENDED))
    let second: typeof first | undefined
    void world.bet('1', 100, undefined, 'the-second-bet', lobbyId).then((bet) => {
      second = bet
    })
    // Without any time going by.
    await world.until(() => second, 0)
    expect(second?.roundId).not.toBe(first.roundId)
  })

  test('C9 a lobby in which nobody is interested sleeps after a minute, and wakes when somebody asks', async () => {
    await betting()
    await world.until(() => world.clock.monotonic() > 600_000, 500)
    const rounds = world.count(CRASH_BETTING)
    await world.until(() => world.clock.monotonic() > 700_000, 500)
    expect(world.count(CRASH_BETTING)).toBe(rounds)
    await world.lobby('1')
    await world.until(() => world.count(CRASH_BETTING) > rounds)
  })
})

describe('what is refused', () => {
  test('D1 C7 what is no amount is refused, and no money moves', async () => {
    await betting('1')
    for (const amount of [0, -1, 1.5, Number.NaN, 1e300, '100', null]) {
      expect(await codeOf(world.bet('1', amount)), String(amount)).toBe('INVALID_INPUT')
    }
    expect(await world.bank.has('1')).toEqual([10_000, 0])
  })

  test('C7 too little, too much, more than there is, twice, and after the start', async () => {
    await world.nextCrash(300, 900)
    await betting('1', '2')
    expect(await codeOf(world.bet('1', RULES.betMin - 1))).toBe('BET_TOO_SMALL')
    expect(await codeOf(world.bet('1', RULES.betMax + 1))).toBe('BET_TOO_LARGE')
    expect(await codeOf(world.bet('1', 10_001))).toBe('INSUFFICIENT_FUNDS')
    expect(await codeOf(world.bet('1', 1_000))).toBe('done')
    expect(await codeOf(world.bet('1', 1_000))).toBe('BET_PLACED')
    await rising()
    expect(await codeOf(world.bet('2', 1_000))).toBe('ROUND_STARTED')
    expect(await codeOf(world.cashOut('2'))).toBe('NO_BET')
    expect(await codeOf(world.lobby('2', 77))).toBe('UNKNOWN_LOBBY')
    expect(await world.bank.has('1')).toEqual([9_000, 1_000])
    expect(await world.bank.has('2')).toEqual([10_000, 0])
  })

  test('C7 before the round rises there is nothing to cash out', async () => {
    await betting('1')
    await world.bet('1', 100)
    expect(await codeOf(world.cashOut('1'))).toBe('NOT_RISING')
  })

  test('C7 asking again with a key is betting once, also at the same time; for another amount it is refused', async () => {
    await betting('1')
    const [one, two] = await Promise.all([
      world.bet('1', 100, 200, 'the-same-key'),
      world.bet('1', 100, 200, 'the-same-key'),
    ])
    expect(one).toEqual(two)
    expect(await world.bet('1', 100, 200, 'the-same-key')).toEqual(one)
    expect(await codeOf(world.bet('1', 200, 200, 'the-same-key'))).toBe('KEY_REUSED')
    expect(await world.bank.has('1')).toEqual([9_900, 100])
  })

  test('C7 in two lobbies nobody bets more than they have', async () => {
    await betting('1')
    const { lobbyId } = await world.open('1', {})
    await world.until(() => world.count(CRASH_BETTING) === 2)
    const codes = await Promise.all([
      codeOf(world.bet('1', 6_000)),
      codeOf(world.bet('1', 6_000, undefined, 'other-lobby', lobbyId)),
    ])
    expect(codes.toSorted()).toEqual(['INSUFFICIENT_FUNDS', 'done'])
    expect(await world.bank.has('1')).toEqual([4_000, 6_000])
  })

  test('C8 a bet beyond what the house could pay twice is refused', async () => {
    await world.close()
    world = await openWorld({ bankroll: 100_000 })
    await betting('1', '2')
    expect(await codeOf(world.bet('1', 1_000))).toBe('done')
    expect(await codeOf(world.bet('2', 1))).toBe('BET_TOO_SMALL')
    expect(await codeOf(world.bet('2', 10))).toBe('HOUSE_LIMIT')
  })

  test('B3 staff who look into an account do not play in its name', async () => {
    await betting('1')
    const staff = contextOf(playerCaller('1', { actorId: '2' }))
    const input = { lobbyId: 1, key: 'as-somebody', amount: 100 }
    expect(await codeOf(world.host.call('crash.bet', input, staff))).toBe('FORBIDDEN')
  })
})

describe('limits for oneself', () => {
  test('C13 they hold over all lobbies, also for bets at the same moment', async () => {
    await betting('1')
    const { lobbyId } = await world.open('1', {})
    await world.until(() => world.count(CRASH_BETTING) === 2)
    await world.setLimits('1', { stakePerDay: 1_000, lossPerDay: null })
    const codes = await Promise.all([
      codeOf(world.bet('1', 600)),
      codeOf(world.bet('1', 600, undefined, 'other-lobby', lobbyId)),
    ])
    expect(codes.toSorted()).toEqual(['OWN_LIMIT', 'done'])
    expect(await world.bank.has('1')).toEqual([9_400, 600])
    expect(await world.ask('1', 'crash.limits', {})).toMatchObject({ stakedToday: 600, lostToday: 600 })
  })

  test('C13 who takes a break bets no more', async () => {
    await betting('1')
    await world.setLimits('1', { stakePerDay: null, lossPerDay: null, coolOffDays: 1 })
    expect(await codeOf(world.bet('1', 100))).toBe('COOLING_OFF')
    expect(await world.bank.has('1')).toEqual([10_000, 0])
  })
})

describe('when money cannot be moved', () => {
  test('C12 a bet whose stake was perhaps set aside goes back, and its player may bet again', async () => {
    await betting('1')
    world.bank.loseNextAnswer('hold')
    expect(await codeOf(world.bet('1', 1_000))).toBe('UNAVAILABLE')
    expect(await world.bank.has('1')).toEqual([9_000, 1_000])
    expect(await codeOf(world.bet('1', 2_000))).toBe('done')
    await world.until(() => world.clock.now() > 0 && world.count(CRASH_ENDED) > 0)
    await world.step(10_000)
    await expect.poll(async () => (await world.bank.has('1'))[1], { timeout: 10_000 }).toBe(0)
    expect(await world.bank.sum()).toBe(0)
  })

  test('C12 a settlement whose answer was lost is asked again and done once', async () => {
    await world.nextCrash(300, 900)
    await betting('1')
    await world.bet('1', 1_000, 200)
    world.bank.loseNextAnswer('post')
    await ended()
    await world.step(10_000)
    await expect.poll(() => world.count(BET_ENDED), { timeout: 10_000 }).toBe(1)
    expect(await world.bank.has('1')).toEqual([11_000, 0])
  })
})
