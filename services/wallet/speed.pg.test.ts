import { playerAccount } from '@meydan/contracts/wallet'
import { expect, test } from 'vitest'
import { openWorld } from './tests/world.ts'

test('speed', async () => {
  const world = await openWorld()
  await Promise.all(Array.from({ length: 100 }, (_, n) => world.give(String(n + 1), 1_000_000)))
  for (const clients of [1, 32, 200, 1000]) {
    const began = performance.now()
    let done = 0
    await Promise.all(
      Array.from({ length: clients }, async () => {
        while (performance.now() - began < 3_000) {
          const from = playerAccount(String(1 + Math.floor(Math.random() * 100)))
          const to = playerAccount(String(1 + Math.floor(Math.random() * 100)))
          if (from === to) continue
          await world.transfer({ legs: [{ from, to, currency: 'coins', amount: 1 }] })
          done++
        }
      }),
    )
    console.log(clients, 'clients', Math.round((done / (performance.now() - began)) * 1_000), 'transfers/s')
  }
  expect(await world.rows('select sum(amount) from wallet.postings')).toEqual([{ sum: '0' }])
  await world.close()
}, 60_000)
