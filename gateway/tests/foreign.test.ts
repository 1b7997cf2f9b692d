import { core } from '@meydan/contracts/core'
import { crashErrors } from '@meydan/contracts/crash'
import { identityErrors } from '@meydan/contracts/identity'
import { walletErrors } from '@meydan/contracts/wallet'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type ForeignGateway, openForeignGateway } from './foreign.ts'

let at: ForeignGateway
beforeAll(async () => {
  at = await openForeignGateway()
})
afterAll(() => at.gateway.close())
beforeEach(() => {
  at.asked.length = 0
  at.answers.clear()
})

const json = { 'content-type': 'application/json' }
const ada = { authorization: 'Bearer token-12' }

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = ada) {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const answer = await fetch(`${at.url}/gateway${path}`, { method, headers: { ...json, ...headers }, ...sent })
  return { status: answer.status, body: z.record(z.string(), z.unknown()).parse(await answer.json()) }
}

const scripted = (answers: Record<string, () => unknown>) => {
  for (const [call, answer] of Object.entries(answers)) at.answers.set(call, answer)
}
const refusing = (fault: Error) => () => {
  throw fault
}
const coins = (balance: number) => ({ currency: 'coins', decimals: 2, balance, held: 0 })
const aName = { username: 'ada', password: 'correct horse' }

describe('D1 accounts', () => {
  test('who registers is told so, and gets the name as a display name', async () => {
    scripted({ 'identity.register': () => ({}) })
    const { status, body } = await ask('POST', '/user/v1/auth/register', aName, {})
    expect([status, body]).toEqual([201, { message: 'User registered successfully' }])
    const credentials = { type: 'password', ...aName }
    expect(at.asked).toEqual([
      { call: 'identity.register', input: { credentials, displayName: 'ada' }, caller: undefined },
    ])
  })

  test.each([
    [{}, 'username: should be a text'],
    [{ username: 'ada' }, 'password: should be a text'],
    [
      { username: 'a', password: 'correct horse' },
      'username: 3 to 32 letters, digits, _ . - and a letter or digit first',
    ],
    [{ username: 'ada', password: 'short' }, 'password: at least 8 characters'],
    [{ username: 5, password: 'correct horse' }, 'username: should be a text'],
    ['[1]', 'Invalid input: expected object, received array'],
  ])('registering with %j is a 400 that says what is wrong', async (given, error) => {
    expect(await ask('POST', '/user/v1/auth/register', given, {})).toEqual({ status: 400, body: { error } })
    expect(at.asked).toEqual([])
  })

  test('a name that is taken is a 409', async () => {
    scripted({ 'identity.register': refusing(identityErrors.USERNAME_TAKEN()) })
    const { status, body } = await ask('POST', '/user/v1/auth/register', aName, {})
    expect([status, body]).toEqual([409, { error: 'That username is taken.' }])
  })

  test('who logs in gets the platform’s own access token', async () => {
    scripted({ 'identity.login': () => ({ accessToken: 'a.b.c', refreshToken: 'secret' }) })
    expect(await ask('POST', '/user/v1/auth/login', aName, {})).toEqual({
      status: 200,
      body: { access_token: 'a.b.c' },
    })
  })

  test('wrong credentials are a 401, also those that nobody can have', async () => {
    scripted({ 'identity.login': refusing(identityErrors.BAD_CREDENTIALS()) })
    const refused = { status: 401, body: { error: 'No account answers to these credentials.' } }
    expect(await ask('POST', '/user/v1/auth/login', aName, {})).toEqual(refused)
    expect(await ask('POST', '/user/v1/auth/login', { username: 'a', password: 'b' }, {})).toEqual(refused)
    expect((await ask('POST', '/user/v1/auth/login', {}, {})).status).toBe(400)
  })

  test.each(['GET', 'POST'])('%s validate says whose token it is', async (method) => {
    const links = [{ type: 'password', label: 'Ada' }]
    scripted({
      'identity.account': () => ({ generatedUsername: 'guest-1', links }),
      'crash.me': () => ({ userNumber: 7 }),
    })
    const { status, body } = await ask(method, '/user/v1/auth/validate')
    expect([status, body]).toEqual([200, { status: 'valid', user_id: 7, username: 'Ada' }])
    expect(at.asked.map(({ caller }) => caller)).toEqual(['12', '12'])
  })

  test.each([{ authorization: 'Bearer forged' }, { authorization: 'token-12' }])(
    'a token that is not valid is a 401: %j',
    async (headers) => {
      const { status, body } = await ask('GET', '/user/v1/auth/validate', undefined, headers)
      expect([status, Object.keys(body)]).toEqual([401, ['error']])
      expect(at.asked).toEqual([])
    },
  )
})

describe('D1 balances', () => {
  test('a balance is a number of coins; who never had any has none', async () => {
    scripted({ 'wallet.balances': () => ({ balances: [{ ...coins(1_234), currency: 'gems' }, coins(1_250)] }) })
    expect(await ask('GET', '/user/v1/balance')).toEqual({ status: 200, body: { balance: 12.5 } })
    scripted({ 'wallet.balances': () => ({ balances: [] }) })
    expect(await ask('GET', '/user/v1/balance')).toEqual({ status: 200, body: { balance: 0 } })
  })

  test.each([
    [{ ammount: 0.29 }, 29],
    [{ amount: '0.29' }, 29],
    [{ ammount: 1, amount: 2 }, 100],
  ])('PUT %j adds %i hundredths from the faucet', async (given, amount) => {
    scripted({ 'wallet.faucet': () => coins(amount) })
    expect(await ask('PUT', '/user/v1/balance', given)).toEqual({ status: 200, body: { balance: amount / 100 } })
    expect(at.asked[0]?.input).toMatchObject({ currency: 'coins', amount })
  })

  test.each([
    [{ balance: 100 }, 10_000],
    [{ ammount: '100.5' }, 10_050],
    [{ amount: 0 }, 0],
  ])('POST %j sets the balance to %i hundredths', async (given, balance) => {
    scripted({ 'wallet.setBalance': () => coins(balance) })
    expect(await ask('POST', '/user/v1/balance', given)).toEqual({ status: 200, body: { balance: balance / 100 } })
    expect(at.asked[0]?.input).toMatchObject({ currency: 'coins', balance })
  })

  test.each([
    ['PUT', {}, /^ammount: is missing$/],
    ['PUT', { ammount: -5 }, /^ammount: should be a number/],
    ['PUT', { ammount: 0 }, /^ammount: should be more than 0$/],
    ['PUT', { ammount: 0.001 }, /two decimals/],
    ['PUT', { ammount: 'NaN' }, /^ammount: should be a number/],
    ['POST', {}, /^balance: is missing$/],
    ['POST', { balance: -1 }, /^balance: should be a number/],
    ['POST', '{"balance":1e999}', /^balance: should be a number/],
    ['PUT', '{"ammount":', /not valid JSON/],
  ])('%s of %j is a 400 that says what is wrong', async (method, given, error) => {
    const { status, body } = await ask(method, '/user/v1/balance', given)
    expect([status, body]).toEqual([400, { error: expect.stringMatching(error) }])
    expect(at.asked).toEqual([])
  })

  test('beyond the faucet’s limits it is a 403', async () => {
    scripted({ 'wallet.faucet': refusing(walletErrors.FAUCET_LIMIT()) })
    const { status, body } = await ask('PUT', '/user/v1/balance', { ammount: 1e9 })
    expect([status, body]).toEqual([403, { error: walletErrors.FAUCET_LIMIT().message }])
  })
})

describe('D1 lobbies', () => {
  test.each([
    [undefined, {}],
    [{}, {}],
    [{ lobby_id: null }, {}],
    [{ lobby_id: 3 }, { lobbyId: 3 }],
    [{ lobby_id: '3' }, { lobbyId: 3 }],
  ])('POST lobby with %j opens one that waits for a bet', async (given, asked) => {
    scripted({ 'crash.open': () => ({ lobbyId: 3 }) })
    expect(await ask('POST', '/game/v1/lobby', given)).toEqual({ status: 200, body: { lobby_id: 3 } })
    expect(at.asked).toEqual([{ call: 'crash.open', input: { ...asked, waitsForBet: true }, caller: '12' }])
  })

  test('GET lobby says where Socket.IO is, by the name the client used', async () => {
    scripted({ 'crash.lobby': () => ({}) })
    const { status, body } = await ask('GET', '/game/v1/lobby/3')
    expect([status, body]).toEqual([200, { websocket_url: at.url.replace('http', 'ws') }])
  })

  test('a lobby there is not is a 404, what is no number a 400', async () => {
    scripted({ 'crash.lobby': refusing(crashErrors.UNKNOWN_LOBBY()) })
    expect((await ask('GET', '/game/v1/lobby/99')).status).toBe(404)
    for (const bad of ['x', '0', '-1', '1.5', '%00', '9'.repeat(100)])
      expect([bad, (await ask('GET', `/game/v1/lobby/${bad}`)).status]).toEqual([bad, 400])
  })
})

describe('D1 around the calls', () => {
  test('each part says that it runs, and when it does not', async () => {
    scripted({ 'identity.keys': () => ({ keys: [] }), 'crash.rounds': () => ({}) })
    for (const path of ['/status', '/user/v1/status', '/game/v1/status'])
      expect(await ask('GET', path, undefined, {})).toEqual({ status: 200, body: { status: 'running' } })
    scripted({ 'crash.rounds': refusing(core.UNAVAILABLE()) })
    expect((await ask('GET', '/game/v1/status')).status).toBe(503)
    expect((await ask('GET', '/status')).status).toBe(503)
    expect((await ask('GET', '/user/v1/status')).status).toBe(200)
  })

  test.each([
    ['GET', '/'],
    ['GET', '/nothing'],
    ['DELETE', '/user/v1/balance'],
    ['GET', '/user/v1/auth/login'],
    ['GET', '/user/v1/../../v1/wallet'],
  ])('%s %s is nothing', async (method, path) => {
    const { status, body } = await ask(method, path)
    expect(status).toBe(404)
    expect(body).toBeTypeOf('object')
  })

  test('what breaks inside is not shown', async () => {
    scripted({ 'wallet.balances': refusing(new Error('a detail nobody outside should see')) })
    expect(await ask('GET', '/user/v1/balance')).toEqual({ status: 500, body: { error: core.INTERNAL().message } })
  })

  test.each([
    ['a path that cannot be read', 'GET', '/game/v1/lobby/%ZZ', undefined, json, 400],
    ['another media type', 'PUT', '/user/v1/balance', 'ammount=5', { 'content-type': 'text/plain' }, 415],
    ['a body too large', 'PUT', '/user/v1/balance', 'x'.repeat(20_000), json, 413],
  ])('%s is refused in words', async (_name, method, path, given, headers, expected) => {
    const { status, body } = await ask(method, path, given, { ...ada, ...headers })
    expect([status, typeof body.error]).toEqual([expected, 'string'])
  })

  test('whatever is sent is answered by what was asked for, or by a 4xx in words', async () => {
    scripted({
      'identity.register': () => ({}),
      'identity.login': () => ({ accessToken: 'a.b.c' }),
      'wallet.faucet': () => coins(1),
      'wallet.setBalance': () => coins(1),
      'crash.open': () => ({ lobbyId: 3 }),
    })
    const route = fc.constantFrom(
      ['POST', '/user/v1/auth/register'],
      ['POST', '/user/v1/auth/login'],
      ['PUT', '/user/v1/balance'],
      ['POST', '/user/v1/balance'],
      ['POST', '/game/v1/lobby'],
    )
    const name = fc.constantFrom('username', 'password', 'balance', 'ammount', 'amount', 'lobby_id', '__proto__')
    const body = fc.oneof(fc.dictionary(name, fc.jsonValue()), fc.jsonValue())
    await fc.assert(
      fc.asyncProperty(route, body, async ([method = '', path = ''], given) => {
        const { status, body: said } = await ask(method, path, JSON.stringify(given))
        if (status >= 300) expect([status, typeof said.error]).toEqual([expect.any(Number), 'string'])
        expect(status).toBeLessThan(500)
      }),
      { numRuns: 300 },
    )
  })

  test('pages of any origin may call, whatever the operator says of the platform’s own API', async () => {
    const origin = 'https://somebody.example'
    const asked = { origin, 'access-control-request-method': 'PUT', 'access-control-request-headers': 'authorization' }
    const preflight = await fetch(`${at.url}/gateway/user/v1/balance`, { method: 'OPTIONS', headers: asked })
    expect([preflight.status, preflight.headers.get('access-control-allow-origin')]).toEqual([204, '*'])
    expect(preflight.headers.get('access-control-allow-headers')).toBe('authorization')
    const other = await fetch(`${at.url}/v1/wallet`, { headers: { origin } })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('an address that asks too much is told to wait', async () => {
    const small = await openForeignGateway(2)
    const asked = async () => (await fetch(`${small.url}/gateway/user/v1/balance`)).status
    expect([await asked(), await asked(), await asked()]).toEqual([404, 404, 429])
    await small.gateway.close()
  })
})
