import { testKit } from '@meydan/conformance/harness'
import { core, type Id } from '@meydan/contracts/core'
import type { Credentials } from '@meydan/contracts/identity'
import { manualClock } from '@meydan/kernel/time'
import { tokenVerifier } from '@meydan/kernel/tokens'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { publicKeys } from './keys.ts'
import type { Called } from './parts.ts'
import { NAME_LIMIT } from './rules.ts'
import { as, countingHasher, fault, identityWorld } from './world.ts'

const hasher = countingHasher()
const clock = manualClock()
const welcomed: { playerId: Id; displayName?: string | undefined }[] = []
let playersAreAway = false
const made = await testKit<Called>('identity', new URL('./migrations/', import.meta.url), {
  clock,
  call: {
    players: {
      welcome: async (input) => {
        if (playersAreAway) throw core.UNAVAILABLE()
        welcomed.push(input)
        return {}
      },
    },
  },
})
const world = await identityWorld({ ...made, clock, hasher })
afterAll(() => made.close())
beforeEach(() => hasher.reset())

const password = 'correct horse'
const byName = (username: string, secret = password): Credentials => ({ type: 'password', username, password: secret })
const byEmail = (email: string, secret = password): Credentials => ({ type: 'email', email, password: secret })
const byDevice = (deviceId: string): Credentials => ({ type: 'device', deviceId })

test('I1 a guest enters, and the token says who it is', async () => {
  const guest = await world.call('guest', { displayName: 'Ada' })
  const owner = await tokenVerifier(publicKeys(world.keys), clock)(guest.accessToken)
  expect(owner).toMatchObject({ playerId: guest.playerId, sessionId: guest.sessionId, roles: [] })
  expect(owner.expiresAtMs - clock.now()).toBe(15 * 60_000)
  expect(guest.refreshToken).toMatch(/^[\w-]{43}$/)
  expect(await world.call('account', {}, as(guest))).toMatchObject({ loginType: 'guest', links: [], roles: [] })
})

test('I4 a guest who lost the refresh token comes back with the generated username and password', async () => {
  const guest = await world.call('guest', {})
  const spoken = guest.recovery.username.toUpperCase().replaceAll('0', 'O')
  const back = await world.call('login', { credentials: byName(spoken, guest.recovery.password) })
  expect(back.playerId).toBe(guest.playerId)
  const wrong = world.call('login', { credentials: byName(guest.recovery.username, 'another password') })
  await expect(wrong).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
})

test('I4 a guest whose generated password was kept as a hash of the hasher comes back too', async () => {
  const guest = await world.call('guest', {})
  const kept = await hasher.hash(guest.recovery.password)
  await world.query(
    `update identity.accounts set generated_password_hash = '${kept}' where player_id = ${guest.playerId}`,
  )
  const { username, password: secret } = guest.recovery
  const back = await world.call('login', { credentials: byName(username, secret) })
  expect(back.playerId).toBe(guest.playerId)
  const wrong = world.call('login', { credentials: byName(username, 'another password') })
  await expect(wrong).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
})

test('I4 a registration hashes what a person thought up, and nothing else', async () => {
  await world.call('guest', {})
  await world.call('register', { credentials: byDevice('a device of nobody in particular') })
  expect(hasher.hashes()).toBe(0)
  await world.call('register', { credentials: byName('noether') })
  expect(hasher.hashes()).toBe(1)
})

test.each([
  ['password', byName('Grace'), byName('gRACE')],
  ['email', byEmail('Grace@Example.com'), byEmail('grace@example.COM')],
  ['device', byDevice('the secret of a device'), byDevice('the secret of a device')],
] as const)('I1 who registered with a %s signs in with it', async (type, registered, again) => {
  const made = await world.call('register', { credentials: registered })
  const back = await world.call('login', { credentials: again })
  expect(back.playerId).toBe(made.playerId)
  expect(back.sessionId).not.toBe(made.sessionId)
  const account = await world.call('account', {}, as(back))
  expect(account).toMatchObject({ loginType: type, links: [{ type }] })
  expect(account.generatedUsername).toMatch(/^m\./)
})

test('I2 a name that is taken in another spelling is taken', async () => {
  await world.call('register', { credentials: byName('hopper') })
  await world.call('register', { credentials: byEmail('hopper@example.com') })
  await world.call('register', { credentials: byDevice('hoppers own device') })
  const again = (credentials: Credentials) => world.call('register', { credentials })
  await expect(again(byName('HOPPER'))).rejects.toMatchObject({ code: 'USERNAME_TAKEN' })
  await expect(again(byEmail('Hopper@EXAMPLE.com'))).rejects.toMatchObject({ code: 'EMAIL_TAKEN' })
  await expect(again(byDevice('hoppers own device'))).rejects.toMatchObject({ code: 'DEVICE_TAKEN' })
  await expect(again(byName('m.abcdef-ghjkmn'))).rejects.toMatchObject({ code: 'USERNAME_TAKEN' })
})

test('I2 of ten registrations of one name at once, one wins and nothing is left of the others', async () => {
  const before = await world.count('accounts')
  const tries = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) =>
      world.call('register', { credentials: byName(index % 2 ? 'race' : 'RACE') }),
    ),
  )
  const lost = tries.filter((tried) => tried.status === 'rejected')
  expect(lost.map(({ reason }) => reason.code)).toEqual(Array.from({ length: 9 }, () => 'USERNAME_TAKEN'))
  expect(await world.count('accounts')).toBe(before + 1)
})

test('I3 nothing that opens an account is readable in the database', async () => {
  const secrets = ['a very secret password', 'a very secret device', 'secret@example.com password']
  const made = await world.call('register', { credentials: byName('turing', secrets[0]) })
  await world.call('link', { credentials: byDevice(secrets[1] ?? '') }, as(made))
  const guest = await world.call('guest', {})
  const stored = await world.dump()
  for (const secret of [...secrets, made.refreshToken, guest.refreshToken, guest.recovery.password]) {
    // The counting hasher stands in for argon2id and writes `hash of <password>`.
    expect(stored.replaceAll(/hash of [^"]*/g, '')).not.toContain(secret)
  }
})

test('I3 a password typed on another keyboard is the same password', async () => {
  const made = await world.call('register', { credentials: byName('composed', 'p\u00e1ssw\u00f6rd') })
  const back = await world.call('login', { credentials: byName('composed', 'pa\u0301sswo\u0308rd') })
  expect(back.playerId).toBe(made.playerId)
})

test('I3 text that cannot be stored is refused by name, and is no fault of ours', async () => {
  const bad = [
    { credentials: byName('good', 'pass\0word1') },
    { credentials: byName('good', 'password\ud800') },
    { credentials: byName('g\0od') },
    { credentials: byEmail('a\0b@example.com') },
    { credentials: byDevice('\udfffdevicedevicedevice') },
    { credentials: byName('good'), displayName: 'a\0b' },
    { credentials: byName('good'), displayName: '\ud83c' },
    { credentials: byName('a'.repeat(33)) },
    { credentials: byName('good', 'x'.repeat(129)) },
    { credentials: byName('good', 'short') },
  ]
  for (const input of bad) {
    await expect(world.call('register', input)).rejects.toMatchObject({ code: 'INVALID_INPUT', status: 400 })
  }
  expect(hasher.checks() + hasher.hashes()).toBe(0)
})

test('I6 a wrong password and an unknown name get one answer after the same work', async () => {
  await world.call('register', { credentials: byName('lovelace') })
  await world.call('register', { credentials: byEmail('lovelace@example.com') })
  const guest = await world.call('guest', {})
  const answers = []
  // Whose password was generated is told by the name alone, there or not: none of those costs a check of the hasher.
  for (const [credentials, checks] of [
    [byName('lovelace', 'wrong password'), 1],
    [byName('nobody-at-all', 'wrong password'), 1],
    [byEmail('lovelace@example.com', 'wrong password'), 1],
    [byEmail('nobody@example.com', 'wrong password'), 1],
    [byName(guest.recovery.username, 'wrong password'), 0],
    [byName('m.000000-000000', 'wrong password'), 0],
  ] as const) {
    hasher.reset()
    const refusal = await fault(world.call('login', { credentials }))
    answers.push({ code: refusal.code, status: refusal.status, message: refusal.message, details: refusal.details })
    expect({ checks: hasher.checks(), hashes: hasher.hashes() }).toEqual({ checks, hashes: 0 })
  }
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(answers[0]?.code).toBe('BAD_CREDENTIALS')
})

test('I7 after five failures a name waits, whether it exists or not, and twice as long each time', async () => {
  await world.call('register', { credentials: byName('hamilton') })
  for (const username of ['hamilton', 'never-was']) {
    const attempt = () => fault(world.call('login', { credentials: byName(username, 'wrong password') }))
    for (let failure = 1; failure <= NAME_LIMIT.free; failure++) expect((await attempt()).code).toBe('BAD_CREDENTIALS')
    for (const waitS of [1, 2, 4]) {
      hasher.reset()
      expect(await attempt()).toMatchObject({
        code: 'RATE_LIMITED',
        retryAfterS: waitS,
        details: { retryAfterS: waitS },
      })
      expect(hasher.checks(), 'a password is not even looked at').toBe(0)
      clock.advance(waitS * 1_000)
      expect((await attempt()).code).toBe('BAD_CREDENTIALS')
    }
  }
  const right = () => world.call('login', { credentials: byName('hamilton') })
  expect(await fault(right()), 'the owner waits too').toMatchObject({ code: 'RATE_LIMITED' })
  clock.advance(8_000)
  await right()
  const wrong = await fault(world.call('login', { credentials: byName('hamilton', 'wrong password') }))
  expect(wrong.code, 'success forgives what was before').toBe('BAD_CREDENTIALS')
  await right()
})

test('I7 guesses at the same moment count one by one', async () => {
  await world.call('register', { credentials: byName('johnson') })
  hasher.reset()
  const codes = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const guess = { credentials: byName('johnson', `wrong password ${index}`) }
      return (await fault(world.call('login', guess))).code
    }),
  )
  expect(hasher.checks()).toBeLessThanOrEqual(NAME_LIMIT.free)
  expect(codes.filter((code) => code === 'RATE_LIMITED').length).toBeGreaterThanOrEqual(50 - NAME_LIMIT.free)
})

test('I7 one address that tries many names waits, and its own account does not wash it clean', async () => {
  const here = { kind: 'anonymous', address: '203.0.113.1' } as const
  await world.call('register', { credentials: byName('attacker') }, here)
  for (let guess = 0; guess < 40; guess++) {
    const tried = await fault(world.call('login', { credentials: byName(`victim${guess}`, 'password') }, here))
    expect(tried.code).toBe('BAD_CREDENTIALS')
    if (guess < 39) await world.call('login', { credentials: byName('attacker') }, here)
    clock.advance(61_000)
  }
  await fault(world.call('login', { credentials: byName('victim', 'password') }, here))
  const refusal = await fault(world.call('login', { credentials: byName('somebody', 'password') }, here))
  expect(refusal).toMatchObject({ code: 'RATE_LIMITED' })
  const elsewhere = world.call('login', { credentials: byName('attacker') })
  expect((await elsewhere).accessToken).toBeTruthy()
})

test('I7 an overloaded hasher is our fault: it counts as no failure', async () => {
  await world.call('register', { credentials: byName('clarke') })
  hasher.failWith(new Error('out of memory'))
  for (let tries = 0; tries < NAME_LIMIT.free * 2; tries++) {
    const refusal = await fault(world.call('login', { credentials: byName('clarke') }))
    expect(refusal.code).toBe('INTERNAL')
  }
  hasher.failWith(undefined)
  await world.call('login', { credentials: byName('clarke') })
})

test('I13 USER_CREATED is told once for an account, and not for one that was not made', async () => {
  const made = await world.call('register', { credentials: byName('event'), displayName: '  Eve  ' })
  await fault(world.call('register', { credentials: byName('event') }))
  const created = (await world.published()).filter(({ name }) => name === 'USER_CREATED')
  expect(created.filter(({ data }) => data.userId === made.playerId)).toEqual([
    expect.objectContaining({ data: expect.objectContaining({ loginType: 'password', displayName: 'Eve' }) }),
  ])
  expect(created.length).toBe(await world.count('accounts'))
})

test('I13 a new account has its profile before it is answered, and is made all the same when that cannot be', async () => {
  const { playerId } = await world.call('guest', { displayName: 'Grace' })
  expect(welcomed.at(-1)).toMatchObject({ playerId, displayName: 'Grace' })
  playersAreAway = true
  const later = await world.call('guest', { displayName: 'Hedy' })
  playersAreAway = false
  const told = (await world.published()).filter(({ data }) => data.userId === later.playerId)
  expect(told).toMatchObject([{ name: 'USER_CREATED', data: { displayName: 'Hedy' } }])
})
