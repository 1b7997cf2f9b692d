import { seededRandom } from '@meydan/contracts/core'
import { expect, test } from 'vitest'
import { openWorld } from './tests/world.ts'

const PLAYERS = 20
const CLIENTS = 32
const EACH = 40
const START = 1_000

test('W1 W2 W4 the bank test: whoever pays whom, in two processes, all there is stays the same and nobody has less than nothing', async () => {
  const seed = Number(process.env.BANK_SEED ?? Date.now() % 0x1_0000_0000)
  console.info(`BANK_SEED=${seed}`)
  const world = await openWorld()
  const other = world.process()
  const players = Array.from({ length: PLAYERS }, (_, n) => String(n + 1))
  await Promise.all(players.map((player) => world.give(player, START)))
  let paid = 0
  const client = async (number: number): Promise<void> => {
    const random = seededRandom((seed + number) >>> 0)
    const someone = (): string => `player:${players[random.int(0, PLAYERS - 1)]}`
    for (let turn = 0; turn < EACH; turn++) {
      const legs = Array.from({ length: random.int(1, 3) }, () => ({
        from: someone(),
        to: someone(),
        currency: 'coins',
        amount: random.int(1, START / 2),
      }))
      const asked = { key: `${number}-${turn}`, legs }
      // Sent to both, as by a caller whose first answer was lost. One may be refused that could be paid a moment later.
      const answers = await Promise.allSettled([world, other].map((at) => at.transfer(asked)))
      const receipts = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
      expect(receipts).toEqual(receipts.map(() => receipts[0]))
      const refusals = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason.code] : []))
      expect(refusals).toEqual(refusals.map(() => 'INSUFFICIENT_FUNDS'))
      paid += receipts.length > 0 ? 1 : 0
    }
  }
  let isOver = false
  const reader = (async () => {
    const sums: { sum: string; least: string }[] = []
    while (!isOver)
      sums.push(
        ...(await world.rows<{ sum: string; least: string }>(
          "select sum(balance)::text as sum, min(balance)::text as least from wallet.accounts where owner like 'player:%'",
        )),
      )
    return sums
  })()
  await Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)))
  isOver = true
  const seen = await reader
  expect(seen.length).toBeGreaterThan(5)
  expect(seen.filter(({ sum, least }) => Number(sum) !== PLAYERS * START || Number(least) < 0)).toEqual([])
  const [written] = await world.rows<{ count: number }>('select count(*)::int from wallet.transfers')
  expect(written?.count).toBe(paid + PLAYERS)
  expect(await world.findings()).toEqual([])
  await other.drain()
  await world.close()
}, 60_000)
