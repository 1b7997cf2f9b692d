import { expect, test } from 'vitest'
import { settlement } from './settlement.ts'

test('C12 the owner of a lobby is killed in a round: another takes it over, every bet is settled once by the published rule, and every acknowledged cash-out is paid', async () => {
  const { bets, findings } = await settlement(1)
  expect(findings).toEqual([])
  expect(bets).toBeGreaterThan(0)
})
