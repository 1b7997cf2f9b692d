import { expect, test } from 'vitest'
import { qualityOf } from './quality.ts'

test('A13 a line is as good as the worse of its delay and its jitter', () => {
  expect(qualityOf(20, 2)).toBe('good')
  expect(qualityOf(20, 30)).toBe('fair')
  expect(qualityOf(120, 2)).toBe('fair')
  expect(qualityOf(20, 60)).toBe('poor')
  expect(qualityOf(200, 2)).toBe('poor')
})
