import { type ServiceEdge, serviceEdge } from '@meydan/conformance/edge'
import { playerContext } from '@meydan/conformance/harness'
import { FEEDBACK_UPDATED, FeedbackEntry } from '@meydan/contracts/feedback'
import type { TopicEvent } from '@meydan/kernel/storage'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { nameOf, openWorld } from './tests/world.ts'

const world = await openWorld()
let edge: ServiceEdge
beforeEach(async () => {
  await world.clear()
  // A new door for each test: limits of calls are counted there.
  await edge?.close()
  edge = await serviceEdge(world.service, world.made.kit)
})
afterAll(async () => {
  await edge.close()
  await world.made.close()
})

const ADMIN = '90.admin'
const OTHER_ADMIN = '91.admin'
const bug = { key: 'press-0001', kind: 'bug', text: '  It stutters  ' }
const leave = (more: object = {}, token = '7') => edge.send('POST', '/v1/feedback', { ...bug, ...more }, token)
const invalid = (field: string) => ({ status: 400, code: 'INVALID_INPUT', field })

async function listed(query = ''): Promise<FeedbackEntry[]> {
  const { body } = await edge.get(`/v1/feedback${query}`, ADMIN)
  return z.object({ feedback: z.array(FeedbackEntry) }).parse(body).feedback
}
async function only(): Promise<FeedbackEntry> {
  const [entry] = await listed()
  if (!entry) throw new Error('there is no feedback')
  return entry
}

test('A12 a player leaves feedback, an admin reads and answers it, and the player sees that', async () => {
  const told: TopicEvent[] = []
  const stop = await world.made.kit.topics.subscribe('user:7', (event) => told.push(event))
  const context = { game: 'arena', matchId: '12', page: '/app/match', viewport: { width: 390, height: 844 } }
  const answer = await leave({ rating: 4, context })
  const seen = { kind: 'bug', text: 'It stutters', rating: 4, context, state: 'new', answer: null }
  expect(answer).toMatchObject({ status: 200, body: seen })

  const entry = await only()
  expect(entry).toMatchObject({ ...seen, playerId: '7', playerName: nameOf('7'), revision: 0, reviewedBy: null })
  const review = { revision: 0, state: 'planned', answer: ' We found it. ' }
  expect(await edge.send('PATCH', `/v1/feedback/${entry.feedbackId}`, review, ADMIN)).toMatchObject({
    status: 200,
    body: { state: 'planned', answer: 'We found it.', revision: 1, reviewedBy: '90' },
  })
  const mine = await edge.get('/v1/feedback/mine', '7')
  expect(mine.body).toMatchObject({ feedback: [{ ...seen, state: 'planned', answer: 'We found it.' }], next: null })
  // Who at the studio answered is nobody's business outside of it.
  expect(JSON.stringify(mine.body)).not.toContain('reviewedBy')
  const data = { feedbackId: entry.feedbackId, state: 'planned', answer: 'We found it.' }
  expect(told).toMatchObject([{ event: FEEDBACK_UPDATED, data }])
  await stop()
  const names = (await world.made.publishedEvents()).map(({ name }) => name)
  expect(names).toEqual(['FEEDBACK_LEFT', 'FEEDBACK_REVIEWED'])
})

test('F2 a double press is one feedback and one event, and other feedback with its key is KEY_REUSED', async () => {
  const answers = await Promise.all([leave(), leave(), leave()])
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect(await listed()).toHaveLength(1)
  expect(await world.made.publishedEvents()).toHaveLength(1)
  expect(await leave({ text: 'Other' })).toMatchObject({ status: 409, code: 'KEY_REUSED', field: 'key' })
})

test('F1 C9 what is no feedback is refused by the name of its field', async () => {
  const bad: [object, string][] = [
    [{ text: '' }, 'text'],
    [{ text: ' \n ' }, 'text'],
    [{ text: 'x'.repeat(2_001) }, 'text'],
    [{ text: 'a\0b' }, 'text'],
    [{ text: 5 }, 'text'],
    [{ kind: 'rant' }, 'kind'],
    [{ key: 'short' }, 'key'],
    [{ key: 'x'.repeat(65) }, 'key'],
    [{ key: "'; drop table--" }, 'key'],
    [{ rating: 0 }, 'rating'],
    [{ rating: 4.5 }, 'rating'],
    [{ context: { page: 'x'.repeat(201) } }, 'context.page'],
    [{ context: { matchId: 'x' } }, 'context.matchId'],
    [{ context: { viewport: { width: 0, height: 1 } } }, 'context.viewport.width'],
    [{ context: { cookie: 'x' } }, 'context.cookie'],
    [{ state: 'done' }, 'state'],
  ]
  for (const [input, field] of bad) {
    // A player each: refusals count as calls.
    const playerId = String(100 + bad.findIndex(([one]) => one === input))
    expect(await leave(input, playerId), JSON.stringify(input).slice(0, 60)).toMatchObject(invalid(field))
  }
  expect(await listed()).toEqual([])
})

test('F1 more than ten times in ten minutes is too often, for that player alone', async () => {
  for (let n = 0; n < 10; n++) expect((await leave({ key: `press-000${n}` })).status).toBe(200)
  expect(await leave({ key: 'press-0011' })).toMatchObject({ status: 429, code: 'RATE_LIMITED' })
  expect((await leave({}, '8')).status).toBe(200)
})

test('F3 C9 nobody sees what others left: a player may not list, count or review, nor support', async () => {
  await leave()
  const { feedbackId } = await only()
  expect((await edge.get('/v1/feedback/mine', '8')).body).toEqual({ feedback: [], next: null })
  const review = { revision: 0, state: 'done' }
  for (const token of ['7', '90.support']) {
    const refused = { status: 403, code: 'FORBIDDEN' }
    expect(await edge.get('/v1/feedback', token)).toMatchObject(refused)
    expect(await edge.get('/v1/feedback/counts', token)).toMatchObject(refused)
    expect(await edge.send('PATCH', `/v1/feedback/${feedbackId}`, review, token)).toMatchObject(refused)
  }
  const refused = { status: 401, code: 'UNAUTHENTICATED' }
  for (const path of ['/v1/feedback', '/v1/feedback/mine', '/v1/feedback/counts']) {
    expect(await edge.get(path)).toMatchObject(refused)
  }
  expect(await edge.send('POST', '/v1/feedback', bug)).toMatchObject(refused)
  expect(await only()).toMatchObject({ state: 'new' })
})

test('F5 of two admins at once one decides, and the other is told instead of undoing it', async () => {
  await leave()
  const { feedbackId } = await only()
  const path = `/v1/feedback/${feedbackId}`
  const answers = await Promise.all([
    edge.send('PATCH', path, { revision: 0, state: 'planned', answer: 'Soon' }, ADMIN),
    edge.send('PATCH', path, { revision: 0, state: 'declined', answer: 'No' }, OTHER_ADMIN),
  ])
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  const [won] = answers.filter(({ status }) => status === 200)
  const lost = answers.find(({ status }) => status === 409)
  expect(lost).toMatchObject({ code: 'REVIEWED_MEANWHILE', field: 'revision' })
  const { revision, state, answer } = await only()
  expect(won?.body).toMatchObject({ revision: 1, state, answer })
  expect(lost?.body).toMatchObject({ error: { details: { current: { revision, state, answer } } } })
})

test('F5 a review that is asked for again, after a lost answer, is answered and is no other event', async () => {
  await leave()
  const { feedbackId } = await only()
  const review = { revision: 0, state: 'done', answer: 'Done' }
  const once = await edge.send('PATCH', `/v1/feedback/${feedbackId}`, review, ADMIN)
  expect(await edge.send('PATCH', `/v1/feedback/${feedbackId}`, review, ADMIN)).toEqual(once)
  expect(await world.made.publishedEvents()).toHaveLength(2)
})

test('F4 C9 admins filter, search, count and page; what cannot be is refused by its field', async () => {
  for (const [n, kind] of ['bug', 'idea', 'bug'].entries()) {
    await leave({ key: `press-000${n}`, kind, text: `number ${n}` }, String(7 + n))
  }
  expect((await listed('?kind=bug')).map(({ text }) => text)).toEqual(['number 2', 'number 0'])
  expect((await listed('?search=number%201')).map(({ text }) => text)).toEqual(['number 1'])
  expect((await listed('?search=%20&playerId=9')).map(({ text }) => text)).toEqual(['number 2'])
  expect(await listed('?search=!!!')).toEqual([])
  expect((await edge.get('/v1/feedback/counts', ADMIN)).body).toEqual({
    counts: { new: 3, read: 0, planned: 0, done: 0, declined: 0 },
  })
  const first = z.object({ next: z.string() }).parse((await edge.get('/v1/feedback?limit=2', ADMIN)).body)
  const second = await edge.get(`/v1/feedback?limit=2&before=${first.next}`, ADMIN)
  expect(second.body).toMatchObject({ feedback: [{ text: 'number 0' }], next: null })
  for (const [query, field] of [
    ['state=old', 'state'],
    ['kind=rant', 'kind'],
    ['limit=51', 'limit'],
    ['before=0', 'before'],
    ['playerId=x', 'playerId'],
    ['search=%00', 'search'],
    [`search=${'x'.repeat(201)}`, 'search'],
    ['more=1', 'more'],
  ] as const) {
    expect(await edge.get(`/v1/feedback?${query}`, ADMIN), query).toMatchObject(invalid(field))
  }
  const review = { revision: 0, state: 'done' }
  expect(await edge.send('PATCH', '/v1/feedback/99', review, ADMIN)).toMatchObject({
    status: 404,
    code: 'UNKNOWN_FEEDBACK',
  })
  expect(await edge.send('PATCH', '/v1/feedback/x', review, ADMIN)).toMatchObject(invalid('feedbackId'))
  const blank = { ...review, answer: ' ' }
  expect(await edge.send('PATCH', '/v1/feedback/99', blank, ADMIN)).toMatchObject(invalid('answer'))
})

test('F6 what an account left goes with it, and a token that outlives it leaves nothing', async () => {
  await leave()
  await leave({}, '8')
  await world.deleteAccount('7')
  expect((await listed()).map(({ playerId }) => playerId)).toEqual(['8'])
  expect(await leave({ key: 'press-0002' })).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' })
  expect(await listed()).toHaveLength(1)
})

test('F7 staff looking into an account read its feedback and leave none', async () => {
  await leave()
  const { handlers } = world.service.build(world.made.kit)
  const staff = playerContext('7', { actorId: '90' })
  const input = { key: 'press-0002', kind: 'bug', text: 'x', context: {} } as const
  await expect(handlers.leave(input, staff)).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect((await handlers.mine({ limit: 20 }, staff)).feedback).toHaveLength(1)
})
