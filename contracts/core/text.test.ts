import { expect, test } from 'vitest'
import { DisplayName, Id, isStorable, Text } from './index.ts'

test('C9 text that no store keeps is refused before it gets there', () => {
  expect(isStorable('çay ☕ 🎮')).toBe(true)
  for (const bad of ['a\0b', '\ud83c', '\udfae\ud83c']) {
    expect(Text.safeParse(bad).success).toBe(false)
    expect(DisplayName.safeParse(`x${bad}`).success).toBe(false)
  }
})

test('C9 a display name can be seen and disturbs nobody else’s line', () => {
  for (const good of ['Ayşe', '  padded  ', '李小龙', '🎮', "D'Artagnan"])
    expect(DisplayName.safeParse(good).success).toBe(true)
  for (const bad of ['', '   ', '\u200b\u200b', 'a\u202eb', 'a\nb', 'x'.repeat(33)]) {
    expect(DisplayName.safeParse(bad).success).toBe(false)
  }
})

test('C9 an id fits a bigint', () => {
  expect(Id.safeParse('9223372036854775807').success).toBe(true)
  for (const bad of ['9223372036854775808', '9999999999999999999', '0', '-1', '1.5', '01', 'x', '']) {
    expect(Id.safeParse(bad).success).toBe(false)
  }
})
