import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { expect, test, vi } from 'vitest'
import { readAnew } from './read-anew.ts'

test('A12 what changed while it was first read is read once more', async () => {
  const queries = new QueryClient()
  const answers: ((left: readonly string[]) => void)[] = []
  const queryFn = () => new Promise<readonly string[]>((resolve) => void answers.push(resolve))
  const shown = new QueryObserver(queries, { queryKey: ['feedback', 'mine'], queryFn })
  const leave = shown.subscribe(() => undefined)

  const anew = readAnew(queries, ['feedback', 'mine'])
  await vi.waitFor(() => expect(answers).toHaveLength(2))
  answers[0]?.([])
  answers[1]?.(['It stutters on my phone'])
  await anew

  expect(shown.getCurrentResult().data).toEqual(['It stutters on my phone'])
  leave()
})
