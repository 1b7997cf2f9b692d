import { randomInt } from 'node:crypto'
import { expect, test } from 'vitest'
import { bank } from './bank.ts'

/** `npm run bank` with one seed. */
test('W1 W2 W4 W5 whatever is killed: all there is stays the same, and every acknowledged transfer is there exactly once', async () => {
  const seed = randomInt(1_000_000)
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  say(`npm run bank -- --seed ${seed}`)
  const { acknowledged, reads, violations } = await bank(seed, say)
  say(`${acknowledged} acknowledged, ${reads} reads`)
  expect(violations).toEqual([])
  expect(acknowledged).toBeGreaterThan(100)
  expect(reads).toBeGreaterThan(10)
}, 180_000)
