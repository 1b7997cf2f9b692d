import { Ear } from '@meydan/conformance/foreign'
import { core } from '@meydan/contracts/core'
import { BET_ENDED, CRASH_TICK, crashErrors, crashTicksTopic } from '@meydan/contracts/crash'
import { SESSION_REVOKED } from '@meydan/contracts/identity'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { TOPICS_PER_SOCKET_MAX } from '../socketio/feeds.ts'
import { type ForeignGateway, openForeignGateway } from './foreign.ts'

let at: ForeignGateway
const ears: Ear[] = []
beforeAll(async () => {
  at = await openForeignGateway()
})
afterAll(() => at.gateway.close())
beforeEach(() => {
  at.asked.length = 0
  at.answers.clear()
  at.answers.set('crash.rounds', () => ({ rounds: [] }))
  at.answers.set('crash.me', () => ({ userNumber: 7 }))
})
afterEach(() => {
  for (const { socket } of ears.splice(0)) socket.disconnect()
})

async function connect(transports?: readonly ('polling' | 'websocket')[]): Promise<Ear> {
  const ear = new Ear(at.url, transports)
  ears.push(ear)
  expect(await ear.next('connected')).toEqual({ message: 'WebSocket connection established' })
  return ear
}

const bet = {
  betId: '5',
  playerId: '12',
  userNumber: 7,
  name: 'Ada',
  amount: 1_050,
  state: 'open',
  multiplier: null,
  payout: 0,
  roundId: '6',
  lobbyId: 3,
  autoCashOut: 250,
  at: new Date().toISOString(),
}
const won = { ...bet, state: 'won', multiplier: 200, payout: 2_100 }
const token = 'token-12'
const place = { token, lobby_id: 3, amount: 10.5, coefficient: 2.5 }

const tick = (multiplier: number) =>
  at.topics.publish(crashTicksTopic(3), CRASH_TICK, { roundId: '6', elapsedMs: 1, multiplier })
const ends = (ended: typeof won) => at.topics.publish('user:12', BET_ENDED, { bet: ended })

describe('D2 a lobby', () => {
  test.each([[['websocket']], [['polling']], [['polling', 'websocket']]] as const)(
    'whoever joins over %j is told so, and how it rises from then on',
    async (transports) => {
      const ada = await connect(transports)
      const acknowledged = await ada.socket.emitWithAck('joinRoom', { lobby_id: 3 })
      await ada.next('Joined room: 3')
      expect([acknowledged, await ada.next('message')]).toEqual(['Joined room: 3', 'Joined room: 3'])
      // A poll that is not there yet misses what only the next makes up for.
      await vi.waitFor(async () => {
        await tick(126)
        expect(ada.heard.map(({ event }) => event)).toContain('coefficient_update')
      })
      expect(await ada.next('coefficient_update')).toEqual({ coefficient: 1.26 })
    },
  )

  test('whoever leaves hears it no more', async () => {
    const [ada, bob] = await Promise.all([connect(), connect()])
    for (const { socket } of [ada, bob]) await socket.emitWithAck('joinRoom', { lobby_id: '3' })
    expect(await ada.socket.emitWithAck('leaveRoom', { lobby_id: 3 })).toBe('Left room: 3')
    await tick(200)
    await bob.next('coefficient_update')
    await ada.socket.emitWithAck('leaveRoom', { lobby_id: 3 })
    expect(ada.heard.map(({ event }) => event)).not.toContain('coefficient_update')
  })

  test('one that there is not is said to be unknown', async () => {
    at.answers.set('crash.rounds', () => {
      throw crashErrors.UNKNOWN_LOBBY()
    })
    const ada = await connect()
    const { message } = crashErrors.UNKNOWN_LOBBY()
    expect(await ada.socket.emitWithAck('joinRoom', { lobby_id: 99 })).toEqual({ error: message })
    expect(await ada.next('error')).toEqual({ message })
  })

  test('a socket hears so many and no more', async () => {
    const ada = await connect()
    for (let lobby = 1; lobby <= TOPICS_PER_SOCKET_MAX; lobby++)
      await ada.socket.emitWithAck('joinRoom', { lobby_id: lobby })
    const refused = await ada.socket.emitWithAck('joinRoom', { lobby_id: TOPICS_PER_SOCKET_MAX + 1 })
    expect(refused).toEqual({ error: expect.stringContaining(`at most ${TOPICS_PER_SOCKET_MAX}`) })
    expect(await ada.socket.emitWithAck('joinRoom', { lobby_id: 1 })).toBe('Joined room: 1')
  })
})

describe('D2 a bet', () => {
  test('is placed in the name of the token’s player, and its end is told', async () => {
    at.answers.set('crash.bet', () => bet)
    const ada = await connect()
    ada.socket.emit('place_bet', { ...place, amount: '10.5' })
    expect(await ada.next('bet_placed')).toEqual({ user_id: 7, lobby_id: 3, amount: 10.5, coefficient: 2.5 })
    const key = expect.stringMatching(/^[\w-]{8,64}$/)
    expect(at.asked).toEqual([
      { call: 'crash.bet', input: { lobbyId: 3, key, amount: 1_050, autoCashOut: 250 }, caller: '12' },
    ])
    await ends({ ...won, state: 'lost', payout: 0 })
    expect(await ada.next('bet_result')).toEqual({ user_id: 7, result: 'lose', payout: 0 })
    await ends({ ...won, state: 'voided', payout: 1_050 })
    expect(await ada.next('bet_result')).toEqual({ user_id: 7, result: 'void', payout: 10.5 })
  })

  test.each([
    [{ amount: 0 }, 'amount: should be more than 0'],
    [{ amount: -1 }, /^amount: should be a number/],
    [{ amount: '1e3' }, /^amount: should be a number/],
    [{ amount: 0.001 }, /two decimals/],
    [{ amount: undefined }, 'amount: is missing'],
    [{ coefficient: 1 }, /^coefficient: should be from 1.01 to 10000/],
    [{ coefficient: 'two' }, /^coefficient: should be a number/],
    [{ lobby_id: 1.5 }, /^lobby_id: should be a whole number/],
    [{ token: undefined }, 'token: should be an access token'],
    [{ token: 'forged' }, 'The access token is not valid.'],
    [{ token: { $ne: '' } }, 'token: should be an access token'],
  ])('with %j is refused in words', async (wrong, message) => {
    const ada = await connect()
    ada.socket.emit('place_bet', { ...place, ...wrong })
    const expected = typeof message === 'string' ? message : expect.stringMatching(message)
    expect(await ada.next('error')).toEqual({ message: expected })
    expect(at.asked).toEqual([])
  })

  test.each(['a text', 5, null, [], undefined])('of %j is refused in words', async (said) => {
    const ada = await connect()
    ada.socket.emit('place_bet', said)
    expect(await ada.next('error')).toEqual({ message: expect.stringMatching(/expected object|token/) })
  })

  test('withdrawn is said to be before its result, whichever the platform tells first', async () => {
    at.answers.set('crash.cashOut', async () => {
      await ends(won)
      await new Promise(setImmediate)
      return won
    })
    const ada = await connect()
    expect(await ada.socket.emitWithAck('withdraw', { token, lobby_id: 3 })).toEqual({ user_id: 7, lobby_id: 3 })
    const events = ada.heard.map(({ event }) => event)
    expect(events).toEqual(['withdraw_requested', 'bet_result'])
    expect(await ada.next('bet_result')).toEqual({ user_id: 7, result: 'win', payout: 21 })
  })

  test('withdrawn too late is a fault and nothing else', async () => {
    at.answers.set('crash.cashOut', () => {
      throw crashErrors.TOO_LATE()
    })
    const ada = await connect()
    const { message } = crashErrors.TOO_LATE()
    expect(await ada.socket.emitWithAck('withdraw', { token, lobby_id: 3 })).toEqual({ error: message })
    expect(ada.heard).toEqual([{ event: 'error', said: { message } }])
  })

  test('of a session that was ended is told to others of the player, not to its sockets', async () => {
    const [ended, watcher] = await Promise.all([connect(), connect()])
    await ended.socket.emitWithAck('joinRoom', { lobby_id: 3, token })
    await at.topics.publish('user:12', SESSION_REVOKED, { sessionId: '912', reason: 'logout' })
    await watcher.socket.emitWithAck('joinRoom', { lobby_id: 3, token })
    await ends(won)
    await watcher.next('bet_result')
    await ended.socket.emitWithAck('leaveRoom', { lobby_id: 3 })
    expect(ended.heard.map(({ event }) => event)).not.toContain('bet_result')
  })
})

describe('C9 bounds', () => {
  test('whatever is said is answered, and ends no connection', async () => {
    const ada = await connect()
    const event = fc.constantFrom('joinRoom', 'leaveRoom', 'place_bet', 'withdraw', '__proto__', 'error', 'x')
    const fields = fc.record(
      { token: fc.jsonValue(), lobby_id: fc.jsonValue(), amount: fc.jsonValue(), coefficient: fc.jsonValue() },
      { requiredKeys: [] },
    )
    await fc.assert(
      fc.asyncProperty(event, fc.oneof(fields, fc.jsonValue()), async (name, said) => {
        await ada.socket.timeout(2_000).emitWithAck(name, said)
      }),
      { numRuns: 150 },
    )
    expect(ada.socket.connected).toBe(true)
    expect(ada.heard).not.toContainEqual({ event: 'error', said: { message: core.INTERNAL().message } })
  })

  test('pages of any origin may poll', async () => {
    const headers = { origin: 'https://somebody.example' }
    const answer = await fetch(`${at.url}/socket.io/?EIO=4&transport=polling`, { headers })
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
  })

  test('an event that is none of these is answered with those there are', async () => {
    const ada = await connect()
    ada.socket.emit('toString', {})
    expect(await ada.next('error')).toEqual({
      message: 'There is no event toString; there are joinRoom, leaveRoom, place_bet, withdraw.',
    })
  })

  test.each([[['websocket']], [['polling']]] as const)(
    'an event that is too large ends the connection (%j)',
    async (transports) => {
      const ada = await connect(transports)
      ada.socket.emit('joinRoom', { lobby_id: 'x'.repeat(100_000) })
      await ada.next('disconnect')
      await connect(transports)
    },
  )

  test('a flood is refused, then cut off', async () => {
    const ada = await connect()
    for (let n = 0; n < 2_000; n++) ada.socket.emit('leaveRoom', { lobby_id: 3 })
    await ada.next('disconnect')
    expect(ada.heard).toContainEqual({ event: 'error', said: { message: 'At most 100 events a second.' } })
  })

  test('an address that connects too often is refused', async () => {
    const small = await openForeignGateway(1)
    const [first, second] = [new Ear(small.url), new Ear(small.url)]
    await Promise.race([first.next('connected'), second.next('connected')])
    await Promise.race([first.next('connect_error'), second.next('connect_error')])
    for (const { socket } of [first, second]) socket.disconnect()
    await small.gateway.close()
  })

  test('what breaks inside is not shown', async () => {
    at.answers.set('crash.bet', () => {
      throw new Error('a detail nobody outside should see')
    })
    const ada = await connect()
    ada.socket.emit('place_bet', place)
    expect(await ada.next('error')).toEqual({ message: core.INTERNAL().message })
  })

  test('one that hears nothing more is not followed any more', async () => {
    const gone = vi.fn()
    const subscribe = at.topics.subscribe
    const spied = vi.spyOn(at.topics, 'subscribe').mockImplementation(async (topic, listener) => {
      const end = await subscribe(topic, listener)
      return async () => {
        gone(topic)
        await end()
      }
    })
    const [ada, bob] = await Promise.all([connect(), connect()])
    for (const { socket } of [ada, bob]) await socket.emitWithAck('joinRoom', { lobby_id: 4 })
    expect(spied).toHaveBeenCalledOnce()
    ada.socket.disconnect()
    await bob.socket.emitWithAck('leaveRoom', { lobby_id: 4 })
    await vi.waitFor(() => expect(gone.mock.calls).toEqual([[crashTicksTopic(4)]]))
    spied.mockRestore()
  })
})

test('C11 a gateway that drains answers what was asked, lets go so that clients come back by themselves, and lets nobody in', async () => {
  const leaving = await openForeignGateway()
  const { promise: answered, resolve: answer } = Promise.withResolvers<unknown>()
  leaving.answers.set('crash.bet', () => answered)
  const ada = new Ear(leaving.url)
  await ada.next('connected')
  ada.socket.emit('place_bet', place)
  await vi.waitFor(() => expect(leaving.asked).toHaveLength(1))
  const drained = leaving.gateway.drain(5_000)
  const late = new Ear(leaving.url)
  await late.next('connect_error')
  answer(bet)
  await drained
  await ada.next('bet_placed')
  // Socket.IO's own clients do not come back after any other reason that a server has.
  expect(await ada.next('disconnect')).toMatch(/^transport (close|error)$/)
  await leaving.gateway.close()
})
