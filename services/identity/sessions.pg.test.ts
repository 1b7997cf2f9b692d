import { testKit } from '@meydan/conformance/harness'
import { manualClock } from '@meydan/kernel/time'
import { tokenVerifier } from '@meydan/kernel/tokens'
import { afterAll, expect, test } from 'vitest'
import { publicKeys } from './keys.ts'
import type { Called } from './parts.ts'
import {
  ENDED_SESSION_KEPT_MS,
  SESSION_IDLE_MS_MAX,
  SESSION_MS_MAX,
  SESSIONS_MAX,
  USED_TOKEN_KEPT_MS,
} from './rules.ts'
import { as, countingHasher, identityWorld } from './world.ts'

const DAY_MS = 24 * 60 * 60_000
const clock = manualClock()
const made = await testKit<Called>('identity', new URL('./migrations/', import.meta.url), { clock })
const world = await identityWorld({ ...made, clock, hasher: countingHasher() })
afterAll(() => made.close())

const refresh = (refreshToken: string) => world.call('refresh', { refreshToken })
const revoked = (playerId: string) => world.told().filter(({ topic }) => topic === `user:${playerId}`)

test('I5 a refresh gives new tokens of the same session, and the roles of now', async () => {
  const guest = await world.call('guest', {})
  const next = await refresh(guest.refreshToken)
  expect(next).toMatchObject({ playerId: guest.playerId, sessionId: guest.sessionId })
  expect(next.refreshToken).not.toBe(guest.refreshToken)
  const last = await refresh(next.refreshToken)
  const owner = await tokenVerifier(publicKeys(world.keys), clock)(last.accessToken)
  expect(owner).toMatchObject({ playerId: guest.playerId, roles: [] })
})

test('I5 a refresh token used again ends its session, for the thief and the owner alike', async () => {
  const guest = await world.call('guest', {})
  const thief = await refresh(guest.refreshToken)
  await expect(refresh(guest.refreshToken)).rejects.toMatchObject({ code: 'REFRESH_REUSED', status: 401 })
  await expect(refresh(thief.refreshToken)).rejects.toMatchObject({ code: 'REFRESH_INVALID', status: 401 })
  await expect(refresh(guest.refreshToken)).rejects.toMatchObject({ code: 'REFRESH_INVALID' })
  expect(revoked(guest.playerId)).toEqual([
    expect.objectContaining({ data: { sessionId: guest.sessionId, reason: 'reused' } }),
  ])
  const back = await world.call('login', { credentials: { type: 'password', ...guest.recovery } })
  expect((await world.call('sessions', {}, as(back))).sessions.map(({ sessionId }) => sessionId)).toEqual([
    back.sessionId,
  ])
})

test('I5 of eight uses of one refresh token at once exactly one wins', async () => {
  for (let round = 0; round < 5; round++) {
    const guest = await world.call('guest', {})
    const uses = await Promise.allSettled(Array.from({ length: 8 }, () => refresh(guest.refreshToken)))
    expect(uses.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    const codes = uses.flatMap((use) => (use.status === 'rejected' ? [use.reason.code] : []))
    expect(codes.toSorted()).toEqual([...Array.from({ length: 6 }, () => 'REFRESH_INVALID'), 'REFRESH_REUSED'])
  }
})

test('I5 what is no refresh token opens nothing and ends nothing', async () => {
  const guest = await world.call('guest', {})
  const strange = ['x', guest.sessionId, guest.refreshToken.slice(1), '\0', '\ud800', guest.accessToken.slice(0, 512)]
  for (const text of strange) await expect(refresh(text)).rejects.toMatchObject({ code: 'REFRESH_INVALID' })
  expect((await refresh(guest.refreshToken)).sessionId).toBe(guest.sessionId)
})

test('I5 a session that is not used for 60 days is over', async () => {
  const guest = await world.call('guest', {})
  clock.advance(SESSION_IDLE_MS_MAX - 1)
  const next = await refresh(guest.refreshToken)
  clock.advance(SESSION_IDLE_MS_MAX)
  await expect(refresh(next.refreshToken)).rejects.toMatchObject({ code: 'REFRESH_INVALID' })
})

test('I5 a session is over after 180 days, however much it is used', async () => {
  let tokens = await world.call('guest', {})
  const { recovery } = tokens
  const endMs = clock.now() + SESSION_MS_MAX
  for (let day = 30; day < 180; day += 30) {
    clock.advance(30 * DAY_MS)
    tokens = { ...(await refresh(tokens.refreshToken)), recovery }
  }
  expect(Date.parse(tokens.refreshExpiresAt)).toBe(endMs)
  clock.advance(30 * DAY_MS)
  await expect(refresh(tokens.refreshToken)).rejects.toMatchObject({ code: 'REFRESH_INVALID' })
})

test('I5 one session more than allowed ends the one used longest ago', async () => {
  const guest = await world.call('guest', {})
  const logins = []
  for (let login = 1; login < SESSIONS_MAX; login++) {
    clock.advance(1_000)
    logins.push(await world.call('login', { credentials: { type: 'password', ...guest.recovery } }))
  }
  clock.advance(1_000)
  // The guest's first session is now the one used most recently, and the first login's the one used longest ago.
  const used = await refresh(guest.refreshToken)
  clock.advance(1_000)
  const last = await world.call('login', { credentials: { type: 'password', ...guest.recovery } })
  const { sessions } = await world.call('sessions', {}, as(last))
  expect(sessions).toHaveLength(SESSIONS_MAX)
  expect(revoked(guest.playerId).map(({ data }) => data)).toEqual([
    { sessionId: logins[0]?.sessionId, reason: 'displaced' },
  ])
  await expect(refresh(logins[0]?.refreshToken ?? '')).rejects.toMatchObject({ code: 'REFRESH_INVALID' })
  await refresh(used.refreshToken)
})

test('I9 a player sees where the account is open, and ends one session', async () => {
  const guest = await world.call('guest', {})
  clock.advance(1_000)
  const phone = { kind: 'anonymous', address: '203.0.113.9', userAgent: 'phone\0' } as const
  const other = await world.call('login', { credentials: { type: 'password', ...guest.recovery } }, phone)
  const me = as(guest)
  expect((await world.call('sessions', {}, me)).sessions).toMatchObject([
    { sessionId: other.sessionId, address: '203.0.113.9', userAgent: 'phone', current: false, support: false },
    { sessionId: guest.sessionId, current: true },
  ])
  await world.call('revokeSession', { sessionId: other.sessionId }, me)
  await world.call('revokeSession', { sessionId: other.sessionId }, me)
  await expect(refresh(other.refreshToken)).rejects.toMatchObject({ code: 'REFRESH_INVALID' })
  expect((await world.call('sessions', {}, me)).sessions).toHaveLength(1)
  expect(revoked(guest.playerId).map(({ data }) => data)).toEqual([{ sessionId: other.sessionId, reason: 'revoked' }])
})

test("I9 somebody else's session is no session of mine", async () => {
  const [mine, theirs] = await Promise.all([world.call('guest', {}), world.call('guest', {})])
  const attempt = world.call('revokeSession', { sessionId: theirs.sessionId }, as(mine))
  await expect(attempt).rejects.toMatchObject({ code: 'UNKNOWN_SESSION', status: 404 })
  await refresh(theirs.refreshToken)
})

test('I9 whoever logs out cannot refresh, and no longer changes the account with the token that is left', async () => {
  const guest = await world.call('guest', {})
  const me = as(guest)
  await world.call('logout', {}, me)
  await world.call('logout', {}, me)
  await expect(refresh(guest.refreshToken)).rejects.toMatchObject({ code: 'REFRESH_INVALID' })
  expect(revoked(guest.playerId).map(({ data }) => data)).toEqual([{ sessionId: guest.sessionId, reason: 'logout' }])
  const credentials = { type: 'device', deviceId: 'a device of a thief' } as const
  await expect(world.call('link', { credentials }, me)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  await expect(world.call('deleteAccount', {}, me)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
})

test('I5 what is long over is swept away, and what is alive is not', async () => {
  const old = await world.call('guest', {})
  await world.call('logout', {}, as(old))
  clock.advance(ENDED_SESSION_KEPT_MS + USED_TOKEN_KEPT_MS + 1)
  const guest = await world.call('guest', {})
  const turned = await refresh(guest.refreshToken)
  await world.runJobs()
  expect(await world.count('sessions', `session_id = ${old.sessionId}`)).toBe(0)
  expect(await world.count('refresh_tokens', `session_id = ${guest.sessionId}`)).toBe(2)
  clock.advance(USED_TOKEN_KEPT_MS + 1)
  await world.runJobs()
  expect(await world.count('refresh_tokens', `session_id = ${guest.sessionId}`)).toBe(1)
  await expect(refresh(guest.refreshToken)).rejects.toMatchObject({ code: 'REFRESH_INVALID' })
  await refresh(turned.refreshToken)
})
