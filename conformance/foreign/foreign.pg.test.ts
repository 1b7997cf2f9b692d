import { type RunningPlatform, startPlatform } from '@meydan/conformance/platform'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ask, Ear, Player } from './index.ts'
import { A_ROUND, runProgram, TOO_LATE_AT_MOST } from './page.ts'

/** Of a lobby that waits for one; long enough for two to bet on a busy machine. */
const FIRST_BET_MS = 700
const FAUCET_MOST = 1_000_000
/** About one round in fifty crashes before anybody can leave it. */
const ROUNDS_MAX = 8
let platform: RunningPlatform
let url: string
const ears: Ear[] = []
beforeAll(async () => {
  platform = await startPlatform({
    MEYDAN_CRASH_FIRST_BET_MS: String(FIRST_BET_MS),
    MEYDAN_LIMIT_SCALE: '100',
  })
  url = platform.url
})
afterAll(() => platform?.stop())
afterEach(() => {
  for (const { socket } of ears.splice(0)) socket.disconnect()
})

/** A connection that has joined the lobby. */
async function join(player: Player, lobbyId: number, transports?: readonly ('polling' | 'websocket')[]): Promise<Ear> {
  const ear = new Ear(await player.socketUrl(lobbyId), transports)
  ears.push(ear)
  expect(await ear.next('connected')).toEqual({ message: 'WebSocket connection established' })
  ear.socket.emit('joinRoom', { lobby_id: lobbyId })
  await ear.next(`Joined room: ${lobbyId}`)
  expect(await ear.next('message')).toBe(`Joined room: ${lobbyId}`)
  return ear
}

describe('D1 over REST', () => {
  test('an account, from its making to its token', async () => {
    const body = { username: 'foreign', password: 'correct horse' }
    const register = () => ask(url, 'POST', '/user/v1/auth/register', { body })
    expect(await register()).toEqual({ status: 201, body: { message: expect.any(String) } })
    expect(await register()).toEqual({ status: 409, body: { error: expect.any(String) } })
    const { status, body: login } = await ask(url, 'POST', '/user/v1/auth/login', { body })
    expect([status, Object.keys(login)]).toEqual([200, ['access_token']])
    const wrong = await ask(url, 'POST', '/user/v1/auth/login', { body: { ...body, password: 'wrong' } })
    expect(wrong).toEqual({ status: 401, body: { error: expect.any(String) } })
    const token = String(login.access_token)
    const valid = { status: 'valid', user_id: expect.any(Number), username: 'foreign' }
    for (const method of ['GET', 'POST'])
      expect(await ask(url, method, '/user/v1/auth/validate', { token })).toEqual({ status: 200, body: valid })
  })

  test('a balance is added to and set, as the faucet allows', async () => {
    const { token } = await Player.make(url, 0)
    const balance = (method: string, body?: object) => ask(url, method, '/user/v1/balance', { token, body })
    expect(await balance('PUT', { ammount: 50.5 })).toEqual({ status: 200, body: { balance: 50.5 } })
    expect(await balance('PUT', { amount: '0.29' })).toEqual({ status: 200, body: { balance: 50.79 } })
    expect(await balance('POST', { balance: 20 })).toEqual({ status: 200, body: { balance: 20 } })
    expect(await balance('POST', { ammount: '1.1' })).toEqual({ status: 200, body: { balance: 1.1 } })
    expect(await balance('GET')).toEqual({ status: 200, body: { balance: 1.1 } })
    expect(await balance('PUT', { ammount: FAUCET_MOST })).toEqual({ status: 403, body: { error: expect.any(String) } })
    for (const bad of [{}, { ammount: -5 }, { ammount: 0 }, { ammount: 'NaN' }, { ammount: 0.001 }, { ammount: 1e300 }])
      expect([bad, (await balance('PUT', bad)).status]).toEqual([bad, 400])
    expect(await balance('GET')).toEqual({ status: 200, body: { balance: 1.1 } })
  })

  test('a lobby is made, joined and found', async () => {
    const player = await Player.make(url)
    const { token } = player
    const lobbyId = await player.openLobby()
    const join = await ask(url, 'POST', '/game/v1/lobby', { token, body: { lobby_id: lobbyId } })
    expect(join).toEqual({ status: 200, body: { lobby_id: lobbyId } })
    const found = await ask(url, 'GET', `/game/v1/lobby/${lobbyId}`, { token })
    expect(found).toEqual({ status: 200, body: { websocket_url: url.replace('http', 'ws') } })
    const none = await ask(url, 'GET', '/game/v1/lobby/2147483647', { token })
    expect(none).toEqual({ status: 404, body: { error: expect.any(String) } })
  })

  test('nobody gets in without a token, and every part says that it runs', async () => {
    const closed = [
      ['GET', '/user/v1/auth/validate'],
      ['GET', '/user/v1/balance'],
      ['PUT', '/user/v1/balance'],
      ['POST', '/game/v1/lobby'],
      ['GET', '/game/v1/lobby/1'],
    ] as const
    for (const [method, path] of closed) {
      const body = method === 'PUT' ? { body: { ammount: 1 } } : {}
      for (const token of [{}, { token: 'a.b.c' }])
        expect([path, (await ask(url, method, path, { ...body, ...token })).status]).toEqual([path, 401])
    }
    for (const path of ['/status', '/user/v1/status', '/game/v1/status'])
      expect(await ask(url, 'GET', path)).toEqual({ status: 200, body: { status: 'running' } })
  })
})

describe('D2 over Socket.IO', () => {
  test.each([['websocket'], ['polling'], ['polling,websocket']])(
    'over %s bets end by themselves, and the balance has what was paid when it is told',
    async (given) => {
      const transports = given.split(',').map((name) => (name === 'polling' ? name : 'websocket'))
      const [ada, bob] = await Promise.all([Player.make(url, 20), Player.make(url, 20)])
      const lobbyId = await ada.openLobby()
      const [adas, bobs] = await Promise.all([join(ada, lobbyId, transports), join(bob, lobbyId, transports)])
      const place = { lobby_id: lobbyId, amount: '10.5', coefficient: 1.01 }
      for (const [{ token, userId }, ear] of [
        [ada, adas],
        [bob, bobs],
      ] as const) {
        ear.socket.emit('place_bet', { ...place, token })
        expect(await ear.next('bet_placed')).toEqual({
          user_id: userId,
          lobby_id: lobbyId,
          amount: 10.5,
          coefficient: 1.01,
        })
      }
      for (const [player, ear] of [
        [ada, adas],
        [bob, bobs],
      ] as const) {
        const result = await ear.next('bet_result')
        const balance = await player.balance()
        const win = { user_id: player.userId, result: 'win', payout: 10.6 }
        const loss = { user_id: player.userId, result: 'lose', payout: 0 }
        expect([
          [win, 20.1],
          [loss, 9.5],
        ]).toContainEqual([result, balance])
        // Others' ends are not told.
        expect(ear.heard.filter(({ event }) => event === 'bet_result')).toEqual([])
      }
    },
  )

  test('who withdraws while it rises is paid, told in this order', async () => {
    const player = await Player.make(url, 100)
    const lobbyId = await player.openLobby()
    const ear = await join(player, lobbyId)
    const asked = { token: player.token, lobby_id: lobbyId }
    const play = async (): Promise<unknown> => {
      ear.socket.emit('place_bet', { ...asked, amount: 1 })
      await ear.next('bet_placed')
      ear.heard.length = 0
      await expect.poll(() => ear.heard.map(({ event }) => event)).toContain('coefficient_update')
      ear.socket.emit('withdraw', asked)
      return ear.next('bet_result')
    }
    let result = await play()
    for (let rounds = 1; rounds < ROUNDS_MAX && !isWin(result); rounds++) result = await play()
    expect(result).toEqual({ user_id: player.userId, result: 'win', payout: expect.any(Number) })
    expect(await ear.next('withdraw_requested')).toEqual({ user_id: player.userId, lobby_id: lobbyId })
    const { coefficient } = Object(await ear.next('coefficient_update'))
    expect(coefficient).toBeGreaterThanOrEqual(1)
  })

  test('what cannot be done is said to be, and changes nothing', async () => {
    const player = await Player.make(url, 5)
    const lobbyId = await player.openLobby()
    const ear = await join(player, lobbyId)
    const bet = { token: player.token, lobby_id: lobbyId, amount: 1 }
    const forged = `${player.token.slice(0, -6)}AAAAAA`
    const faults: readonly [string, unknown, RegExp][] = [
      ['joinRoom', { lobby_id: 2_147_483_647 }, /no such lobby/],
      ['place_bet', { ...bet, lobby_id: 2_147_483_647 }, /no such lobby/],
      ['place_bet', { ...bet, token: forged }, /token is not valid/],
      ['withdraw', { token: forged, lobby_id: lobbyId }, /token is not valid/],
      ['joinRoom', { lobby_id: lobbyId, token: forged }, /token is not valid/],
      ['place_bet', { ...bet, amount: 5.01 }, /less than that/],
      ['place_bet', { ...bet, amount: 1e12 }, /above the largest/],
      ['place_bet', { ...bet, amount: 0.001 }, /^amount: /],
      ['place_bet', { ...bet, amount: 'NaN' }, /^amount: /],
      ['place_bet', { ...bet, coefficient: 0.5 }, /^coefficient: /],
      ['place_bet', null, /^token: /],
      ['withdraw', { token: player.token, lobby_id: lobbyId }, /./],
      ['transfer', { to: 7 }, /There is no event/],
    ]
    for (const [event, said, message] of faults) {
      ear.socket.emit(event, said)
      expect([event, said, await ear.next('error')]).toEqual([event, said, { message: expect.stringMatching(message) }])
    }
    expect(await player.balance()).toBe(5)
    ear.socket.emit('place_bet', bet)
    await ear.next('bet_placed')
    ear.socket.emit('place_bet', bet)
    expect(await ear.next('error')).toEqual({ message: expect.stringMatching(/bet of yours/) })
    expect(ear.heard.filter(({ event }) => event === 'bet_placed')).toEqual([])
  })

  test('ten thousand joins and leaves leave nothing behind', async () => {
    const player = await Player.make(url)
    const lobbyId = await player.openLobby()
    const all = await Promise.all(Array.from({ length: 50 }, () => join(player, lobbyId)))
    await Promise.all(
      all.map(async ({ socket }) => {
        for (let n = 0; n < 100; n++) {
          expect(await socket.emitWithAck('leaveRoom', { lobby_id: lobbyId })).toBe(`Left room: ${lobbyId}`)
          expect(await socket.emitWithAck('joinRoom', { lobby_id: lobbyId })).toBe(`Joined room: ${lobbyId}`)
        }
      }),
    )
    for (const { socket } of all) socket.disconnect()
    const connections = async () => /^meydan_socketio_connections (\d+)$/m.exec(await metrics())?.[1]
    await expect.poll(connections, { timeout: 10_000 }).toBe('0')
  })

  test('an event that is too large ends its own connection and no other', async () => {
    const player = await Player.make(url)
    const lobbyId = await player.openLobby()
    const [large, other] = await Promise.all([join(player, lobbyId), join(player, lobbyId)])
    large.socket.emit('joinRoom', { lobby_id: 'x'.repeat(1_000_000) })
    await large.next('disconnect')
    expect(await other.socket.emitWithAck('leaveRoom', { lobby_id: lobbyId })).toBe(`Left room: ${lobbyId}`)
  })
})

test('D2 the JavaScript client of the page plays a round', async () => {
  const { stdout, stderr } = await runProgram('js', process.execPath, url)
  expect(stdout).toMatch(A_ROUND)
  expect(stderr).toMatch(TOO_LATE_AT_MOST)
})

async function metrics(): Promise<string> {
  return (await fetch(`${url}/metrics`)).text()
}

function isWin(result: unknown): boolean {
  return Object(result).result === 'win'
}
