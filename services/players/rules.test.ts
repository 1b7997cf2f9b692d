import { DisplayName } from '@meydan/contracts/core'
import { Avatar } from '@meydan/contracts/players'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { generatedAvatar, generatedName } from './rules.ts'

const ids = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String)

test('P2 a made-up name is a good display name, and always the same for one player', () => {
  fc.assert(
    fc.property(ids, (id) => {
      const name = generatedName(id)
      return (
        DisplayName.parse(name) === name &&
        name === generatedName(id) &&
        /^[A-Z][a-z]+ [A-Z][a-z]+ \d{1,3}$/.test(name) &&
        Avatar.safeParse(generatedAvatar(id)).success
      )
    }),
  )
})

test('P2 players who come one after another are not called alike', () => {
  const first = 1_500_000_000_000_000_000n
  const names = Array.from({ length: 1_000 }, (_, index) => generatedName(String(first + BigInt(index))))
  expect(new Set(names).size).toBeGreaterThan(980)
  expect(new Set(names.map((name) => name.split(' ')[0])).size).toBe(32)
})
