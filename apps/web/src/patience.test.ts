import { core } from '@meydan/contracts/core'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { patiently } from './patience.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

test('A8 a server that is away for a moment is asked again', async () => {
  const work = vi.fn().mockRejectedValueOnce(core.UNAVAILABLE()).mockResolvedValueOnce('in')
  const answered = patiently(work)
  await vi.runAllTimersAsync()
  expect(await answered).toBe('in')
})

test('A8 a refusal is none that passes', async () => {
  const work = vi.fn().mockRejectedValue(core.NOT_FOUND())
  await expect(patiently(work)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  expect(work).toHaveBeenCalledTimes(1)
})

test('A8 one that stays away is given up', async () => {
  const work = vi.fn().mockRejectedValue(core.UNAVAILABLE())
  const given = expect(patiently(work)).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await vi.runAllTimersAsync()
  await given
  expect(work).toHaveBeenCalledTimes(10)
})
