import { type ServiceEdge, serviceEdge } from '@meydan/conformance/edge'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openWorld, type World } from './tests/world.ts'

let world: World
let edge: ServiceEdge
let messageId: string
beforeAll(async () => {
  world = await openWorld()
  world.accounts.add('1').add('2')
  edge = await serviceEdge(world.service, world.made.kit)
  await world.grant({ playerId: '1', type: 'chest', amount: 2 })
  messageId = (await world.send({ to: { playerIds: ['1'] }, rewards: [{ type: 'coins', amount: 5 }] })).campaignId
  await world.relay()
})
afterAll(async () => {
  await edge.close()
  await world.close()
})

const invalid = (field: string) => ({ status: 400, code: 'INVALID_INPUT', field })
const gift = { playerId: '1', type: 'xp', amount: 10, reason: 'thanks', key: 'one' }
const hello = { key: 'hello', to: { everybody: true }, title: 'Hello' }

test('B7 each procedure for players answers over HTTP', async () => {
  expect((await edge.get('/v1/rewards/types')).body).toMatchObject({
    types: [{ type: 'coins', kind: 'currency', factor: null }, {}, {}, {}, {}, {}],
  })
  expect((await edge.get('/v1/rewards', '1')).body).toMatchObject({
    items: [{ type: 'chest', amount: 2 }],
    level: { level: 1 },
  })
  expect(await edge.send('POST', '/v1/rewards/daily', {}, '1')).toMatchObject({
    status: 200,
    body: { streak: { days: 1 } },
  })
  expect(await edge.send('POST', '/v1/rewards/daily', {}, '1')).toMatchObject({ status: 409, code: 'CLAIMED_TODAY' })
  expect((await edge.get('/v1/inbox?limit=1', '1')).body).toMatchObject({
    messages: [{ messageId }],
    unread: 1,
    unclaimed: 1,
  })
  expect((await edge.send('POST', `/v1/inbox/${messageId}/read`, {}, '1')).body).toEqual({ unread: 0 })
  const claimed = { status: 200, body: { claimed: [messageId], rewards: [{ type: 'coins', amount: 5 }] } }
  expect(await edge.send('POST', `/v1/inbox/${messageId}/claim`, {}, '1')).toMatchObject(claimed)
  expect(await edge.send('POST', `/v1/inbox/${messageId}/claim`, {}, '1')).toMatchObject(claimed)
  expect((await edge.send('POST', '/v1/inbox/claim', {}, '1')).body).toEqual({ claimed: [], rewards: [] })
})

test('B7 admins give, send, watch and cancel over HTTP', async () => {
  const given = await edge.send('POST', '/v1/rewards', gift, '9.admin')
  expect(given).toMatchObject({ status: 200, body: { rewardId: expect.any(String) } })
  expect(await edge.send('POST', '/v1/rewards', gift, '9.admin')).toEqual(given)
  expect(await edge.send('POST', '/v1/rewards', { ...gift, amount: 11 }, '9.admin')).toMatchObject({
    status: 409,
    code: 'KEY_REUSED',
    field: 'key',
  })
  const sent = await edge.send('POST', '/v1/campaigns', hello, '9.admin')
  expect(sent).toMatchObject({ status: 200, body: { state: 'sending', by: '9', recipients: null } })
  const { campaignId } = sent.body as { campaignId: string }
  expect((await edge.get(`/v1/campaigns/${campaignId}`, '9.admin')).body).toEqual(sent.body)
  expect((await edge.get('/v1/campaigns?limit=1', '9.admin')).body).toMatchObject({ campaigns: [{ campaignId }] })
  expect((await edge.send('POST', `/v1/campaigns/${campaignId}/cancel`, {}, '9.admin')).body).toMatchObject({
    state: 'cancelled',
  })
})

test.each([
  ['GET', '/v1/campaigns'],
  ['POST', '/v1/campaigns'],
  ['POST', '/v1/rewards'],
  ['POST', '/v1/campaigns/7/cancel'],
] as const)('C9 %s %s is for admins, and the inbox for who is signed in', async (method, path) => {
  const ask = (token?: string) => (method === 'GET' ? edge.get(path, token) : edge.send(method, path, {}, token))
  expect(await ask()).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  expect(await ask('1')).toMatchObject({ status: 403, code: 'FORBIDDEN' })
  expect(await ask('1.support')).toMatchObject({ status: 403, code: 'FORBIDDEN' })
  expect(await edge.get('/v1/inbox')).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
})

test('C9 what cannot be is refused by its field', async () => {
  const gifts: [object, string][] = [
    [{ amount: 0 }, 'amount'],
    [{ amount: 1.5 }, 'amount'],
    [{ amount: 1e10 }, 'amount'],
    [{ type: '__proto__' }, 'type'],
    [{ key: '' }, 'key'],
    [{ reason: 'Not like this' }, 'reason'],
    [{ playerId: 'x' }, 'playerId'],
  ]
  for (const [change, field] of gifts) {
    expect(await edge.send('POST', '/v1/rewards', { ...gift, ...change }, '9.admin'), field).toMatchObject(
      invalid(field),
    )
  }
  expect(await edge.send('POST', '/v1/rewards', { ...gift, type: 'to-string' }, '9.admin')).toMatchObject({
    status: 404,
    code: 'UNKNOWN_TYPE',
    field: 'type',
  })
  expect(await edge.send('POST', '/v1/rewards', { ...gift, key: 'new', playerId: '3' }, '9.admin')).toMatchObject({
    status: 404,
    code: 'UNKNOWN_PLAYER',
    field: 'playerId',
  })
  const campaigns: [object, string][] = [
    [{ to: {} }, 'to'],
    [{ to: { everybody: false } }, 'to'],
    [{ to: { playerIds: [] } }, 'to'],
    [{ to: { levelMin: 1, everybody: true } }, 'to'],
    [{ title: ' ' }, 'title'],
    [{ text: '\u0000' }, 'text'],
    [{ expiresInMs: 1 }, 'expiresInMs'],
    [{ rewards: [{ type: 'xp', amount: -1 }] }, 'rewards.0.amount'],
  ]
  for (const [change, field] of campaigns) {
    expect(
      (await edge.send('POST', '/v1/campaigns', { ...hello, ...change }, '9.admin')).field,
      JSON.stringify(change),
    ).toMatch(new RegExp(`^${field}`))
  }
  expect(await edge.get('/v1/inbox?limit=101', '1')).toMatchObject(invalid('limit'))
  expect(await edge.send('POST', '/v1/inbox/x/claim', {}, '1')).toMatchObject(invalid('messageId'))
  expect(await edge.send('POST', '/v1/inbox/99/claim', {}, '1')).toMatchObject({ status: 404, code: 'UNKNOWN_MESSAGE' })
})
