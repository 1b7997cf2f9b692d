import { FEEDBACK_STATES, FEEDBACK_TEXT_MAX, feedback } from '@meydan/contracts/feedback'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { countsOf, isReviewed, isSame, wordsOf } from './rules.ts'
import type { FeedbackRow, Left } from './store.ts'

const at = new Date(0)
const left: Left = {
  feedbackId: '1',
  playerId: '2',
  key: 'k',
  kind: 'bug',
  text: 'It stutters',
  rating: 3,
  context: {},
  at,
}
const row: FeedbackRow = {
  ...left,
  leftAt: at,
  state: 'new',
  answer: null,
  answeredAt: null,
  revision: 0,
  reviewedBy: null,
  reviewedAt: null,
}

test('F4 a search looks for words and nothing else, of whatever is typed', () => {
  expect(wordsOf('  the lag, in "arena"! ')).toEqual(['the', 'lag', 'in', 'arena'])
  expect(wordsOf("'x' & !y | z:*")).toEqual(['x', 'y', 'z'])
  expect(wordsOf('ışık 2026')).toEqual(['ışık', '2026'])
  expect(wordsOf('!?…')).toEqual([])
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (typed) => {
      const words = wordsOf(typed)
      return words.length <= 8 && words.every((word) => /^[\p{L}\p{M}\p{N}]+$/u.test(word))
    }),
  )
})

test('F2 the same press of the button is told from other feedback with its key', () => {
  expect(isSame(row, { ...left, feedbackId: '9', at: new Date(5) })).toBe(true)
  const context = { viewport: { width: 390, height: 844 }, game: 'arena' }
  expect(
    isSame({ ...row, context: { game: 'arena', viewport: { height: 844, width: 390 } } }, { ...left, context }),
  ).toBe(true)
  for (const other of [{ kind: 'idea' as const }, { text: 'Other' }, { rating: null }, { context }]) {
    expect(isSame(row, { ...left, ...other })).toBe(false)
  }
})

test('F5 a review that says what is there already is none', () => {
  const planned = { ...row, state: 'planned' as const, answer: 'Soon' }
  expect(isReviewed(planned, { state: 'planned', answer: undefined })).toBe(true)
  expect(isReviewed(planned, { state: 'planned', answer: 'Soon' })).toBe(true)
  expect(isReviewed(planned, { state: 'done', answer: undefined })).toBe(false)
  expect(isReviewed(planned, { state: 'planned', answer: 'Later' })).toBe(false)
  expect(isReviewed(planned, { state: 'planned', answer: null })).toBe(false)
})

test('F4 every state has a number', () => {
  const rows = FEEDBACK_STATES.map((state, index) => ({ state, count: index + 1 }))
  expect(countsOf(rows)).toEqual({ new: 1, read: 2, planned: 3, done: 4, declined: 5 })
  expect(countsOf([])).toEqual({ new: 0, read: 0, planned: 0, done: 0, declined: 0 })
})

test('F1 a text is counted by code points, without the spaces around it', () => {
  const input = feedback.procedures.leave.input
  const parsed = (text: string) => input.safeParse({ key: 'press-0001', kind: 'idea', text })
  const longest = '🏟️'.slice(0, 2).repeat(FEEDBACK_TEXT_MAX)
  expect(parsed(`  ${longest}\n`)).toMatchObject({ success: true, data: { text: longest, context: {} } })
  for (const text of [`${longest}x`, 'x'.repeat(FEEDBACK_TEXT_MAX + 1), '', ' \n ', '\u200b']) {
    expect(parsed(text).error?.issues[0]?.path, text.slice(0, 9)).toEqual(['text'])
  }
})
