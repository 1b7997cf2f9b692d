import type { Bet, Lobby } from '@meydan/contracts/crash'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type LobbyState, stateAfter, stateOf, type Told } from './state.ts'

const AT = '2026-11-21T12:00:00.000Z'
const AT_MS = Date.parse(AT)
const OLD_ID = '99'
const ID = '100'
const NEXT_ID = '101'

const bet = (betId: string, more: Partial<Bet> = {}): Bet => ({
  betId,
  playerId: `7${betId}`,
  userNumber: 7,
  name: 'Ada',
  amount: 500,
  state: 'open',
  multiplier: null,
  payout: 0,
  ...more,
})
const won = (betId: string): Bet => bet(betId, { state: 'won', multiplier: 150, payout: 750 })

const lobby = (round: Partial<NonNullable<Lobby['round']>> | null): Lobby => ({
  lobbyId: 1,
  settings: {
    bettingMs: 5_000,
    pauseMs: 3_000,
    tickMs: 50,
    waitsForBet: false,
    betMin: 1,
    betMax: 1_000,
    winMax: 9_000,
  },
  chain: {
    chainId: '1',
    lobbyId: 1,
    rounds: 10,
    played: 1,
    commitment: '0'.repeat(64),
    committedAt: AT,
    salt: 'x',
    saltAnnouncedAt: AT,
  },
  round: round && {
    roundId: ID,
    lobbyId: 1,
    phase: 'betting',
    bettingEndsAt: AT,
    startedAt: null,
    elapsedMs: null,
    crashedAt: null,
    bets: [],
    betCount: 0,
    staked: 0,
    ...round,
  },
  mine: null,
  history: [],
  serverTime: AT,
})

const told = {
  betting: (roundId = ID): Told => ({
    event: 'CRASH_BETTING',
    data: { roundId, lobbyId: 1, bettingEndsAt: AT, bettingMs: 5_000 },
  }),
  bets: (bets: Bet[], roundId = ID): Told => ({
    event: 'CRASH_BETS',
    data: { roundId, bets, betCount: 300, staked: 150_000 },
  }),
  started: (roundId = ID): Told => ({ event: 'CRASH_STARTED', data: { roundId, startedAt: AT, elapsedMs: 0 } }),
  cashedOut: (bets: Bet[]): Told => ({
    event: 'CRASH_CASHED_OUT',
    data: { roundId: ID, bets, wonCount: bets.length, paid: 750 * bets.length },
  }),
  ended: (roundId = ID, outcome: 'crashed' | 'interrupted' = 'crashed'): Told => ({
    event: 'CRASH_ENDED',
    data: { roundId, outcome, multiplier: 200, hash: '0'.repeat(64), endedAt: AT, nextAt: AT },
  }),
  own: (bet: Bet): Told => ({
    event: 'OWN_BET',
    data: { ...bet, roundId: ID, lobbyId: 1, autoCashOut: null, at: AT },
  }),
}

const play = (state: LobbyState, ...events: Told[]): LobbyState =>
  events.reduce((now, event) => stateAfter(now, event) ?? expect.fail('read again'), state)

const ROUND = [
  told.betting(),
  told.bets([bet('1'), bet('2')]),
  told.started(),
  told.cashedOut([won('1')]),
  told.ended(),
]

describe('a lobby', () => {
  test('D2 goes through a round as it is told', () => {
    const { round, history } = play(stateOf(lobby(null)), ...ROUND)
    expect(round).toMatchObject({ phase: 'crashed', crashedAt: 200, isInterrupted: false, nextAtMs: AT_MS })
    expect(round).toMatchObject({ betCount: 300, staked: 150_000, wonCount: 1, paid: 750 })
    expect([...(round?.bets.values() ?? [])].map(({ state }) => state)).toEqual(['won', 'lost'])
    expect(history).toEqual([{ roundId: ID, multiplier: 200, endedAt: AT }])
  })

  test('D2 who comes in the middle has the same as who was there from the beginning', () => {
    const all = { bets: [bet('1'), bet('2')], betCount: 300, staked: 150_000 }
    const joined = stateOf(lobby({ phase: 'rising', startedAt: AT, ...all }))
    expect(play(joined, ...ROUND.slice(3)).round).toEqual(play(stateOf(lobby(null)), ...ROUND).round)
  })

  test('D2 what is told again after a newer read changes nothing', () => {
    const all = play(stateOf(lobby(null)), ...ROUND)
    fc.assert(fc.property(fc.shuffledSubarray(ROUND), (again) => void expect(play(all, ...again)).toEqual(all)))
  })

  test('D2 a round that is over is not woken by what comes late, and the next one begins empty', () => {
    const next = play(stateOf(lobby(null)), ...ROUND, told.betting(NEXT_ID))
    expect(next.round).toMatchObject({ roundId: NEXT_ID, phase: 'betting', crashedAt: null })
    expect(next.round?.bets.size).toBe(0)
    expect(play(next, told.ended(), told.bets([bet('3')]))).toEqual(next)
  })

  test('D2 a lobby that waits for a bet says so until there is one', () => {
    const waiting: Told = {
      event: 'CRASH_BETTING',
      data: { roundId: ID, lobbyId: 1, bettingEndsAt: null, bettingMs: 1 },
    }
    const before = play(stateOf(lobby(null)), waiting)
    expect(before.round).toMatchObject({ phase: 'waiting', bettingEndsAtMs: null })
    const after = play(before, told.betting())
    expect(after.round).toMatchObject({ phase: 'betting', bettingEndsAtMs: AT_MS })
    expect(play(after, waiting)).toEqual(after)
  })

  test('D2 the own bet stands as the last word of the server left it', () => {
    const before = play(stateOf(lobby(null)), told.betting(), told.own(bet('2')))
    expect(before.round?.mine?.state).toBe('open')
    expect(play(before, told.ended()).round?.mine?.state).toBe('lost')
    expect(play(before, told.ended(ID, 'interrupted')).round?.mine).toMatchObject({ state: 'voided', payout: 500 })
    const cashedOut = play(before, told.own(won('2')))
    // The answer to the bet itself may come after that to cashing out, from another device.
    expect(play(cashedOut, told.own(bet('2')), told.ended()).round?.mine).toMatchObject({ state: 'won', payout: 750 })
  })

  test('D2 ids are compared as numbers: 100 comes after 99', () => {
    const state = play(stateOf(lobby({ roundId: OLD_ID, phase: 'crashed', crashedAt: 110 })), told.betting(ID))
    expect(state.round?.roundId).toBe(ID)
  })

  test('D2 an event of a round whose beginning was missed asks for a look', () => {
    const state = stateOf(lobby({ phase: 'crashed', crashedAt: 110 }))
    expect(stateAfter(state, told.started(NEXT_ID))).toBeNull()
    expect(stateAfter(stateOf(lobby(null)), told.ended())).toBeNull()
  })

  test('D2 keeps the last 50 rounds', () => {
    let state = stateOf(lobby(null))
    for (let round = 1_000; round < 1_060; round++) {
      state = play(state, told.betting(String(round)), told.ended(String(round)))
    }
    expect(state.history).toHaveLength(50)
    expect(state.history[0]?.roundId).toBe('1059')
  })
})
