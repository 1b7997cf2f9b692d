import { seededRandom } from '@meydan/contracts/core'
import { expect, test } from 'vitest'
import { redialMs } from './redial.ts'

const CROWD = 2_000

/** When each of a crowd tries, ms after the loss, until `untilMs`. */
function tries(untilMs: number): number[][] {
  const random = seededRandom(7)
  return Array.from({ length: CROWD }, () => {
    const at: number[] = []
    for (let awayMs = 0; awayMs <= untilMs; at.push(awayMs)) awayMs += redialMs(awayMs, random.float())
    return at
  })
}

test('SDK4 after three seconds away everybody is back within one more', () => {
  const cutMs = 3_000
  const backMs = tries(cutMs).map((at) => Math.max(...at))
  expect(Math.max(...backMs)).toBeLessThan(cutMs + 1_000)
})

test('SDK4 a crowd comes back spread over half a second, and asks less and less often while nobody answers', () => {
  const all = tries(60_000)
  const first = all.map(([atMs = 0]) => atMs)
  const inTenth = (tenth: number): number => first.filter((atMs) => Math.floor(atMs / 50) === tenth).length
  for (let tenth = 0; tenth < 10; tenth++) expect(inTenth(tenth)).toBeLessThan((1.3 * CROWD) / 10)
  expect(Math.max(...all.map((at) => at.length))).toBeLessThan(30)
})
