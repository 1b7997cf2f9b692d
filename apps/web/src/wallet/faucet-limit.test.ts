import { core } from '@meydan/contracts/core'
import { walletErrors } from '@meydan/contracts/wallet'
import { expect, test } from 'vitest'
import { limitOf } from './faucet-limit.ts'

const refused = (left: number, upTo: number) => walletErrors.FAUCET_LIMIT({ details: { left, upTo } })

test('W7 what the faucet still gives is the least of its day and of what the account has room for', () => {
  expect(limitOf(refused(500, 100_000), 0)).toEqual({ room: 500, by: 'day' })
  expect(limitOf(refused(0, 100_000), 0)).toEqual({ room: 0, by: 'day' })
  expect(limitOf(refused(50_000, 100_000), 99_900)).toEqual({ room: 100, by: 'fullness' })
  expect(limitOf(refused(50_000, 100_000), 200_000)).toEqual({ room: 0, by: 'fullness' })
})

test('W7 another refusal is no limit, and one that does not say how far it goes leaves nothing', () => {
  expect(limitOf(core.UNAVAILABLE(), 0)).toBeUndefined()
  expect(limitOf(walletErrors.FAUCET_LIMIT(), 0)).toEqual({ room: 0, by: 'day' })
})
