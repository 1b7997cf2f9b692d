import { expect, test } from 'vitest'
import { Keys } from '../keys.ts'
import { BLANK, contentOf, roomLeft } from './draft.ts'

test('F1 what is left to write is counted as the contract counts it', () => {
  expect(roomLeft('')).toBe(2_000)
  expect(roomLeft('  😀 ')).toBe(1_999)
  expect(roomLeft('x'.repeat(2_003))).toBe(-3)
})

test('F2 a second press, or another try after a lost answer, has the same key, and changed feedback another', () => {
  const keys = new Keys()
  const left = { ...BLANK, text: 'It stutters', context: { game: 'arena' } }
  const key = keys.of(contentOf(left))
  expect(key).toMatch(/^[\w-]{8,64}$/)
  expect(keys.of(contentOf({ ...left, text: 'It stutters ' }))).toBe(key)
  expect(keys.of(contentOf({ ...left, rating: 3 }))).not.toBe(key)
  const last = keys.of(contentOf(left))
  keys.forget()
  expect(keys.of(contentOf(left))).not.toBe(last)
})
