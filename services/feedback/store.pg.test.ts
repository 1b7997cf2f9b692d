import type { FeedbackState } from '@meydan/contracts/feedback'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { wordsOf } from './rules.ts'
import {
  countByState,
  type FeedbackTables,
  type Filter,
  findFeedback,
  forgetPlayer,
  insertFeedback,
  isForgotten,
  type Left,
  lockFeedback,
  saveReview,
} from './store.ts'
import { NOON, openWorld } from './tests/world.ts'

const world = await openWorld()
afterAll(() => world.made.close())
beforeEach(() => world.clear())
const { db: database, nextId } = world.made.kit
const db = database.tables<FeedbackTables>()

const left = (more: Partial<Left> = {}): Left => {
  const feedbackId = nextId()
  return {
    feedbackId,
    playerId: '7',
    key: `key-${feedbackId}`,
    kind: 'bug',
    text: 'It stutters',
    rating: null,
    context: {},
    at: new Date(NOON),
    ...more,
  }
}
const leave = async (more?: Partial<Left>) => {
  const row = await database.transaction<FeedbackTables, { feedbackId: string } | undefined>((tx) =>
    insertFeedback(tx, left(more)),
  )
  return row?.feedbackId
}
const review = (feedbackId: string, state: FeedbackState, answer?: string | null, by = '99') =>
  database.transaction<FeedbackTables, unknown>(async (tx) => {
    const row = await lockFeedback(tx, feedbackId)
    if (row) await saveReview(tx, row, { state, answer }, by, new Date(NOON))
  })
const texts = async (filter: Partial<Filter>) =>
  (await findFeedback(db, { limit: 50, ...filter })).map(({ text }) => text)
const search = (typed: string) => texts({ words: wordsOf(typed) })

test('F2 of many presses with one key, at one moment, one is kept; another player may use the same key', async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => leave({ key: 'press-0001' })))
  expect(made.filter((id) => id !== undefined)).toHaveLength(1)
  expect(await leave({ key: 'press-0001', playerId: '8' })).toBeDefined()
  expect(await texts({})).toHaveLength(2)
})

test('F4 feedback is found by any of its words and their beginnings, in any order and case, and by those of the answer', async () => {
  const id = await leave({
    text: 'The arena.The lag/jitter is BAD on my phone (Pixel_9), see https://example.com/x?y=1',
  })
  await leave({ text: 'Lovely music' })
  for (const typed of ['lag', 'jitter arena', 'PHON', 'pixel', '9 pixel', 'example', "lag & 'bad'"]) {
    expect(await search(typed), typed).toHaveLength(1)
  }
  for (const typed of ['umpire', 'lag music', 'agla']) expect(await search(typed), typed).toEqual([])
  await review(id ?? '', 'planned', 'We blame the umpire')
  expect(await search('umpire')).toHaveLength(1)
})

test('F4 Turkish is found however it is typed: İ, ı, capitals, and letters without their marks', async () => {
  const text = 'Işık çok güzel, İSTANBUL haritası da olsun'
  await leave({ text: text.normalize('NFD') })
  for (const typed of [
    'istanbul',
    'İstanbul',
    'ISTANBUL',
    'ıstanbul',
    'ışık',
    'isik',
    'GÜZEL',
    'guzel',
    'harita',
    'Çok',
  ]) {
    expect(await search(typed), typed).toEqual([text.normalize('NFD')])
  }
})

test('F4 filters join, and pages follow one another without gap or repetition', async () => {
  for (let n = 0; n < 7; n++)
    await leave({ text: `text ${n}`, kind: n % 2 === 0 ? 'bug' : 'idea', playerId: String(7 + (n % 3)) })
  const seen: string[] = []
  let before: string | undefined
  for (;;) {
    const page = await findFeedback(db, { limit: 3, before })
    if (page.length === 0) break
    seen.push(...page.map(({ text }) => text))
    before = page.at(-1)?.feedbackId
  }
  expect(seen).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `text ${n}`))
  expect(await texts({ kind: 'bug', playerId: '7' })).toEqual(['text 6', 'text 0'])
  const [newest] = await findFeedback(db, { limit: 1 })
  await review(newest?.feedbackId ?? '', 'done')
  expect(await texts({ state: 'done' })).toEqual(['text 6'])
  expect(await texts({ state: 'new', kind: 'bug', words: ['text'] })).toEqual(['text 4', 'text 2', 'text 0'])
  expect(await countByState(db)).toEqual(
    expect.arrayContaining([
      { state: 'new', count: 6 },
      { state: 'done', count: 1 },
    ]),
  )
})

test('F3 an answer stays until it is changed or taken back', async () => {
  const id = (await leave()) ?? ''
  const answers = async () => (await findFeedback(db, { limit: 1 }))[0]
  await review(id, 'planned', 'Soon')
  expect(await answers()).toMatchObject({ state: 'planned', answer: 'Soon', answeredAt: new Date(NOON), revision: 1 })
  await review(id, 'done')
  expect(await answers()).toMatchObject({ state: 'done', answer: 'Soon', revision: 2, reviewedBy: '99' })
  await review(id, 'done', null)
  expect(await answers()).toMatchObject({ answer: null, answeredAt: null, revision: 3 })
})

test('F6 a deletion takes all of the player’s feedback, the admin’s id from what an admin reviewed, and nothing of others', async () => {
  await leave({ text: 'mine' })
  const other = (await leave({ text: 'theirs', playerId: '8' })) ?? ''
  await review(other, 'read', undefined, '7')
  await database.transaction<FeedbackTables, void>((tx) => forgetPlayer(tx, '7'))
  expect(await findFeedback(db, { limit: 9 })).toMatchObject([{ text: 'theirs', state: 'read', reviewedBy: null }])
  expect(await database.transaction<FeedbackTables, boolean>((tx) => isForgotten(tx, '7'))).toBe(true)
  expect(await database.transaction<FeedbackTables, boolean>((tx) => isForgotten(tx, '8'))).toBe(false)
})
