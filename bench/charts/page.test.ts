import { glob, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { draw } from './page.ts'
import { readResults, SCHEMAS } from './results.ts'
import { svg } from './svg.ts'

const docs = new URL('../../docs/', import.meta.url)
const STALE = 'is not what bench/results says: run `npm run bench -- --charts`'

test('STYLE 13 docs/performance.md and its charts say what bench/results says', async () => {
  const { page, images } = draw(await readResults())
  expect(await readFile(new URL('performance.md', docs), 'utf8'), `docs/performance.md ${STALE}`).toBe(page)
  const kept: string[] = []
  for await (const name of glob('bench-*.svg', { cwd: new URL('images/', docs) })) kept.push(name)
  expect(kept.sort()).toEqual([...images.keys()].sort())
  for (const [name, content] of images) {
    expect(await readFile(new URL(`images/${name}`, docs), 'utf8'), `docs/images/${name} ${STALE}`).toBe(content)
  }
})

test('DESIGN §9 every budget stands on the page, measured or not', () => {
  const { page } = draw({})
  expect(page.match(/not measured yet/g)).toHaveLength(9)
})

test('STYLE 13 a chart says in words what its bars say, and what is named after others is no markup', () => {
  const image = svg({
    title: 'Fast <&> slow',
    unit: 'things a second',
    groups: [{ bars: [{ label: '"us"', text: '12', segments: [{ value: 12, tone: 'ours', name: 'us' }] }] }],
    limit: { value: 24, text: 'budget' },
  })
  expect(image).toContain('<title id="title">Fast &lt;&amp;&gt; slow</title>')
  expect(image).toContain('things a second. &quot;us&quot; 12.')
  const [, width] = /class="ours" x="[\d.]+" y="\d+" width="([\d.]+)"/.exec(image) ?? []
  const [, limitX] = /class="l" x1="([\d.]+)"/.exec(image) ?? []
  // Half as long as the way to the limit: both are drawn to one scale from 0.
  expect(Number(limitX) - 210).toBeCloseTo(2 * Number(width), 0)
})

test('DESIGN §9 an arena without a verdict is on the page with its figures, and says that it has none', () => {
  const probe = { rooms: 20, p99Ms: 1.2, missed: 0, bytesPerFrame: 61, bytesPerClientS: 4_066, cpuUsPerTick: 31 }
  const arena = SCHEMAS.arena.parse({
    date: '2026-11-21',
    machine: { cpu: 'a processor', cores: 2, memoryGib: 24, platform: 'linux-x64', pinning: 'none' },
    versions: { node: '24.21.0' },
    budgets: { rooms: 2.5, bytes: 0.33 },
    ratio: 2.75,
    bytesRatio: 0.31,
    withinBudget: { rooms: null, bytes: true },
    contestants: [
      { contestant: 'meydan', what: 'ours', roomsMax: 220, complete: true, ...probe },
      { contestant: 'colyseus', what: 'theirs', roomsMax: 0, complete: false },
    ],
    entities: [{ entities: 50, bytesRatio: 0.3, meydan: probe, colyseus: { ...probe, bytesPerFrame: 203 } }],
  })
  const { page, images } = draw({ arena })
  expect(page).toContain('| ≥ 2.5 × Colyseus | 2.75 × | no verdict: the machine was busy |')
  expect(page).toContain('| ≤ ⅓ of Colyseus | 0.31 | met |')
  expect(page).toContain('| theirs | not found in time |  |  |  |  |')
  expect([...images.keys()]).toEqual(['bench-arena.svg', 'bench-arena-2.svg'])
})
