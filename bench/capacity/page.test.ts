import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { readResults } from '../charts/results.ts'
import { svg } from '../charts/svg.ts'
import { costsOf } from './costs.ts'
import { DEMAND, IMAGE, pageOf, told } from './page.ts'

const docs = new URL('../../docs/', import.meta.url)
const STALE = 'is not what bench/results says: run `npm run capacity -- --write`'

test('STYLE 13 docs/capacity.md and its chart say what bench/results says', async () => {
  const { page, chart } = pageOf(await readResults())
  expect(await readFile(new URL('capacity.md', docs), 'utf8'), `docs/capacity.md ${STALE}`).toBe(page)
  expect(await readFile(new URL(`images/${IMAGE}`, docs), 'utf8'), `docs/images/${IMAGE} ${STALE}`).toBe(svg(chart))
})

test('the page has, word for word, what the command prints', async () => {
  const results = await readResults()
  expect(pageOf(results).page).toContain(told(costsOf(results), DEMAND))
})

test('what has not been measured is named with the command that measures it', () => {
  expect(() => costsOf({})).toThrow('npm run bench -- scale players')
})
