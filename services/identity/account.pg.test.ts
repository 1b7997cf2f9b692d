import { testKit } from '@meydan/conformance/harness'
import type { Credentials } from '@meydan/contracts/identity'
import { manualClock } from '@meydan/kernel/time'
import { tokenVerifier } from '@meydan/kernel/tokens'
import { afterAll, expect, test } from 'vitest'
import { publicKeys } from './keys.ts'
import type { Called } from './parts.ts'
import { as, countingHasher, fault, identityWorld } from './world.ts'

const clock = manualClock()
const made = await testKit<Called>('identity', new URL('./migrations/', import.meta.url), { clock })
const world = await identityWorld({ ...made, clock, hasher: countingHasher() })
afterAll(() => made.close())

const byName = (username: string, password = 'correct horse'): Credentials => ({ type: 'password', username, password })
const byEmail = (email: string): Credentials => ({ type: 'email', email, password: 'correct horse' })
const toldOf = async (playerId: string) =>
  (await world.published()).filter(({ data }) => data.userId === playerId).map(({ name, data }) => [name, data.changed])

/** A member of staff, signed in anew, so that the token has the role. */
async function staff(username: string, role: 'support' | 'admin') {
  const made = await world.call('register', { credentials: byName(username) })
  await world.grantRole(username, role)
  return { ...made, caller: as(made, { roles: [role] }) }
}

test('I1 a guest links a name and an address, enters with either, and is still a guest by origin', async () => {
  const guest = await world.call('guest', {})
  const me = as(guest)
  await world.call('link', { credentials: byName('Linked') }, me)
  const account = await world.call('link', { credentials: byEmail('linked@example.com') }, me)
  expect(account).toMatchObject({
    loginType: 'guest',
    links: [
      { type: 'email', label: 'linked@example.com' },
      { type: 'password', label: 'Linked' },
    ],
  })
  for (const credentials of [byName('linked'), byEmail('Linked@example.com')]) {
    expect((await world.call('login', { credentials })).playerId).toBe(guest.playerId)
  }
  expect(await toldOf(guest.playerId)).toEqual([
    ['USER_CREATED', undefined],
    ['USER_UPDATED', ['links']],
    ['USER_UPDATED', ['links']],
  ])
})

test('I1 one login of each type, and none that is somebody else’s', async () => {
  const made = await world.call('register', { credentials: byName('single') })
  const other = await world.call('register', { credentials: byEmail('taken@example.com') })
  const link = (credentials: Credentials) => fault(world.call('link', { credentials }, as(made)))
  expect((await link(byName('single-two'))).code).toBe('ALREADY_LINKED')
  expect((await link(byEmail('TAKEN@example.com'))).code).toBe('EMAIL_TAKEN')
  const race = await Promise.allSettled(
    Array.from({ length: 6 }, (_, index) =>
      world.call('link', { credentials: byEmail(`race${index}@example.com`) }, as(made)),
    ),
  )
  expect(race.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await world.call('account', {}, as(other))).links).toHaveLength(1)
})

test('I1 the last way in stays, also when two are removed at once', async () => {
  const made = await world.call('register', { credentials: byName('lastly') })
  const me = as(made)
  await expect(world.call('unlink', { type: 'password' }, me)).rejects.toMatchObject({ code: 'LAST_LOGIN' })
  await expect(world.call('unlink', { type: 'email' }, me)).rejects.toMatchObject({ code: 'NOT_LINKED' })
  await world.call('link', { credentials: byEmail('lastly@example.com') }, me)
  const removals = await Promise.allSettled([
    world.call('unlink', { type: 'password' }, me),
    world.call('unlink', { type: 'email' }, me),
  ])
  expect(removals.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  expect((await world.call('account', {}, me)).links).toHaveLength(1)
})

test('I3 a changed password opens, the old one does not, and every other session ends', async () => {
  const made = await world.call('register', { credentials: byName('changer', 'old password') })
  const thief = await world.call('login', { credentials: byName('changer', 'old password') })
  const me = as(made)
  const change = (password: string) =>
    world.call('changePassword', { type: 'password', password, newPassword: 'new password' }, me)
  await expect(change('not the password')).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
  await change('old password')
  await expect(world.call('refresh', { refreshToken: thief.refreshToken })).rejects.toMatchObject({
    code: 'REFRESH_INVALID',
  })
  await world.call('refresh', { refreshToken: made.refreshToken })
  await world.call('login', { credentials: byName('changer', 'new password') })
  const old = world.call('login', { credentials: byName('changer', 'old password') })
  await expect(old).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
})

test('I10 the first admin comes from the command line, and sets the roles of others', async () => {
  const admin = await staff('root', 'admin')
  const made = await world.call('register', { credentials: byName('promoted') })
  const set = await world.call('setRoles', { playerId: made.playerId, roles: ['support', 'support'] }, admin.caller)
  expect(set.roles).toEqual(['support'])
  const login = await world.call('login', { credentials: byName('promoted') })
  const owner = await tokenVerifier(publicKeys(world.keys), clock)(login.accessToken)
  expect(owner.roles).toEqual(['support'])
  expect((await toldOf(made.playerId)).at(-1)).toEqual(['USER_UPDATED', ['roles']])
  await expect(world.call('setRoles', { playerId: admin.playerId, roles: [] }, admin.caller)).rejects.toMatchObject({
    code: 'OWN_ADMIN_ROLE',
  })
  const nobody = world.call('setRoles', { playerId: '12345', roles: [] }, admin.caller)
  await expect(nobody).rejects.toMatchObject({ code: 'UNKNOWN_ACCOUNT' })
  await expect(world.grantRole('no-such-name', 'admin')).rejects.toMatchObject({ code: 'UNKNOWN_ACCOUNT' })
})

test('I10 nobody does with staff what the role does not allow', async () => {
  const support = await staff('helping', 'support')
  const made = await world.call('register', { credentials: byName('plain') })
  const { generatedUsername } = await world.call('account', {}, as(made))
  const calls = [
    world.call('setRoles', { playerId: made.playerId, roles: ['admin'] }, support.caller),
    world.call('supportEntries', {}, support.caller),
    world.call('setRoles', { playerId: made.playerId, roles: ['admin'] }, as(made)),
    world.call('supportEnter', { generatedUsername, reason: 'just curious' }, as(made)),
  ]
  expect((await Promise.all(calls.map(fault))).map(({ code }) => code)).toEqual(calls.map(() => 'FORBIDDEN'))
})

test('I10 a role that was taken away is gone at once, whatever the token says', async () => {
  const admin = await staff('boss', 'admin')
  const support = await staff('fired', 'support')
  await world.call('setRoles', { playerId: support.playerId, roles: [] }, admin.caller)
  const { generatedUsername } = await world.call('account', {}, as(admin))
  const entry = world.call('supportEnter', { generatedUsername, reason: 'revenge, I think' }, support.caller)
  await expect(entry).rejects.toMatchObject({ code: 'FORBIDDEN' })
})

test('I11 support looks into an account by its generated username, on the record', async () => {
  const support = await staff('looker', 'support')
  const admin = await staff('watcher', 'admin')
  const made = await world.call('register', { credentials: byEmail('looked@example.com') })
  const { generatedUsername } = await world.call('account', {}, as(made))
  const entry = await world.call(
    'supportEnter',
    { generatedUsername: generatedUsername.toUpperCase(), reason: 'ticket 4711: lost items' },
    support.caller,
  )
  expect(entry).not.toHaveProperty('refreshToken')
  const owner = await tokenVerifier(publicKeys(world.keys), clock)(entry.accessToken)
  expect(owner).toMatchObject({ playerId: made.playerId, roles: [], actorId: support.playerId })
  expect(owner.expiresAtMs - clock.now()).toBe(15 * 60_000)
  expect(await world.call('account', {}, as(owner, { actorId: support.playerId }))).toMatchObject({ generatedUsername })

  const { entries } = await world.call('supportEntries', { limit: 1 }, admin.caller)
  expect(entries).toMatchObject([
    { staffId: support.playerId, playerId: made.playerId, reason: 'ticket 4711: lost items' },
  ])
  const older = await world.call('supportEntries', { before: entries[0]?.id ?? '' }, admin.caller)
  expect(older.entries.map(({ id }) => id)).not.toContain(entries[0]?.id)

  const seen = (await world.call('sessions', {}, as(made))).sessions.find(({ support: looking }) => looking)
  expect(seen).toMatchObject({ sessionId: entry.sessionId, address: '', current: false })
  await world.call('revokeSession', { sessionId: entry.sessionId }, as(made))
})

test('I11 the record of support entries cannot be changed', async () => {
  for (const sql of [
    `update identity.support_entries set reason = 'nothing to see'`,
    'delete from identity.support_entries',
    'truncate identity.support_entries',
  ]) {
    await expect(world.query(sql)).rejects.toThrow(/only ever added/)
  }
})

test('I11 a support entry changes nothing, even where the edge forgot who holds the token', async () => {
  const support = await staff('meddler', 'support')
  const made = await world.call('register', { credentials: byName('untouched') })
  const { generatedUsername } = await world.call('account', {}, as(made))
  const entry = await world.call('supportEnter', { generatedUsername, reason: 'ticket 4712' }, support.caller)
  for (const caller of [as(entry, { actorId: support.playerId }), as(entry), as(entry, { roles: ['admin'] })]) {
    const calls = [
      world.call('deleteAccount', {}, caller),
      world.call('link', { credentials: byEmail('meddler@example.com') }, caller),
      world.call('unlink', { type: 'password' }, caller),
      world.call('changePassword', { type: 'password', password: 'correct horse', newPassword: 'my own one' }, caller),
    ]
    expect((await Promise.all(calls.map(fault))).map(({ code }) => code)).toEqual(calls.map(() => 'SUPPORT_MAY_NOT'))
    const roles = await fault(world.call('setRoles', { playerId: made.playerId, roles: ['admin'] }, caller))
    expect(['FORBIDDEN', 'SUPPORT_MAY_NOT']).toContain(roles.code)
  }
  const other = world.call('revokeSession', { sessionId: made.sessionId }, as(entry, { actorId: support.playerId }))
  await expect(other).rejects.toMatchObject({ code: 'SUPPORT_MAY_NOT' })
  expect(await world.call('account', {}, as(made))).toMatchObject({ links: [{ type: 'password' }], roles: [] })
})

test('I12 a deleted account leaves its id and nothing else', async () => {
  const made = await world.call('register', { credentials: byEmail('forget-me@example.com') })
  const me = as(made)
  await world.call('link', { credentials: byName('forget-me') }, me)
  const phone = { kind: 'anonymous', address: '203.0.113.77', userAgent: 'the phone of forget-me' } as const
  const second = await world.call('login', { credentials: byName('forget-me') }, phone)
  const { generatedUsername } = await world.call('account', {}, me)
  await world.call('deleteAccount', {}, me)
  await world.call('deleteAccount', {}, me)

  const stored = await world.dump()
  for (const personal of ['forget-me', '203.0.113.77', generatedUsername]) expect(stored).not.toContain(personal)
  expect(await world.count('accounts', `player_id = ${made.playerId} and deleted_at is not null`)).toBe(1)
  for (const { refreshToken } of [made, second]) {
    await expect(world.call('refresh', { refreshToken })).rejects.toMatchObject({ code: 'REFRESH_INVALID' })
  }
  await expect(world.call('account', {}, me)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' })
  const login = world.call('login', { credentials: byName('forget-me') })
  await expect(login).rejects.toMatchObject({ code: 'BAD_CREDENTIALS' })
  const ended = world.told().filter(({ topic, data }) => topic === `user:${made.playerId}` && data.reason === 'deleted')
  expect(ended.map(({ data }) => data.sessionId).toSorted()).toEqual([made.sessionId, second.sessionId].toSorted())
  expect((await toldOf(made.playerId)).filter(([name]) => name === 'USER_DELETED')).toHaveLength(1)
})

test('I12 the name of a deleted account is free again, for another id', async () => {
  const made = await world.call('register', { credentials: byName('phoenix') })
  await world.call('deleteAccount', {}, as(made))
  const again = await world.call('register', { credentials: byName('phoenix') })
  expect(again.playerId).not.toBe(made.playerId)
})

test('I12 logins, refreshes and links while the account is deleted leave nothing behind', async () => {
  for (let round = 0; round < 5; round++) {
    const made = await world.call('register', { credentials: byName(`leaving${round}`) })
    await Promise.allSettled([
      world.call('login', { credentials: byName(`leaving${round}`) }),
      world.call('refresh', { refreshToken: made.refreshToken }),
      world.call('link', { credentials: byEmail(`leaving${round}@example.com`) }, as(made)),
      world.call('deleteAccount', {}, as(made)),
      world.call('login', { credentials: byName(`leaving${round}`) }),
    ])
    await world.call('deleteAccount', {}, as(made))
    for (const table of ['links', 'sessions'] as const) {
      expect(await world.count(table, `player_id = ${made.playerId}`)).toBe(0)
    }
  }
})
