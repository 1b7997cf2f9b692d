import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { crashPoint, leadingBits, payoutOf } from './index.ts'

const SALT = '0000000000000000004d6ec16dafe9d8370958664c1dc422f452892264c59526'
const resultOf = (hash: Buffer): number => crashPoint(createHmac('sha256', SALT).update(hash).digest())

/** A digest that begins with these 52 bits. */
function digestOf(bits: bigint): Buffer {
  const digest = Buffer.alloc(32, 0xff)
  digest.writeBigUInt64BE((bits << 12n) | 0xfffn)
  return digest
}

test('C3 the published checks', () => {
  expect(resultOf(Buffer.from('b2acd37fbdb5509926ab5d7329704c840f8467266c90019682f3b260a029bdba', 'hex'))).toBe(126)
  expect(resultOf(Buffer.from('66508662791cbe526d740394a62713d3879f00cd11ee5ef10f7b592c676371f4', 'hex'))).toBe(145_685)
})

test('C3 52 bits decide, and nothing after them', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 52n - 1n }), (bits) => {
      expect(leadingBits(digestOf(bits))).toBe(Number(bits))
      const other = digestOf(bits)
      other.fill(0, 7)
      other[6] = (other[6] ?? 0) & 0xf0
      expect(crashPoint(other)).toBe(crashPoint(digestOf(bits)))
    }),
  )
})

test('C3 at the edges: never below 1.00×, never more than a whole number can say', () => {
  expect(crashPoint(digestOf(0n))).toBe(100)
  expect(crashPoint(digestOf(2n ** 52n - 1n))).toBe(Number.MAX_SAFE_INTEGER)
  expect(crashPoint(digestOf(2n ** 52n - 50n))).toBe(Math.floor(99 / (50 / 2 ** 52)))
  // 2/101 is where 1.01× begins.
  const first = (2n ** 52n * 2n) / 101n
  expect([crashPoint(digestOf(first)), crashPoint(digestOf(first + 1n))]).toEqual([100, 101])
})

test('C3 doubles give what exact arithmetic gives, but for the last few of 2⁵² where the quotient is next to a whole number', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 2n ** 52n }), (rest) => {
      const exact = (99n << 52n) / rest
      const isClose = rest - ((99n << 52n) % rest) < 50n
      const got = BigInt(crashPoint(digestOf(2n ** 52n - rest)))
      const capped = exact > BigInt(Number.MAX_SAFE_INTEGER) ? BigInt(Number.MAX_SAFE_INTEGER) : exact
      const least = capped < 100n ? 100n : capped
      expect(got === least || (isClose && got === least + 1n)).toBe(true)
    }),
  )
})

test('C3 over a chain the results are spread as they should be: 2/101 at 1.00×, 0.99/m at m or above', () => {
  const rounds = 100_000
  let hash = createHash('sha256').update('a chain of this test').digest()
  const results = Array.from({ length: rounds }, () => {
    const result = resultOf(hash)
    hash = createHash('sha256').update(hash).digest()
    return result
  })
  const share = (is: (result: number) => boolean): number => results.filter(is).length / rounds
  // Five standard deviations either way: the chain is fixed, so it either is so or it is not.
  const expectShare = (found: number, p: number): void => {
    expect(Math.abs(found - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / rounds))
  }
  expectShare(
    share((result) => result === 100),
    2 / 101,
  )
  for (const m of [101, 110, 150, 200, 500, 1_000, 10_000])
    expectShare(
      share((result) => result >= m),
      99 / m,
    )
})

test('D1 a payout is rounded down to whole minor units, and is never less than the stake', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e11 }), fc.integer({ min: 100, max: 1_000_000 }), (amount, multiplier) => {
      const payout = payoutOf(amount, multiplier)
      expect(BigInt(payout)).toBe((BigInt(amount) * BigInt(multiplier)) / 100n)
      expect(payout).toBeGreaterThanOrEqual(amount)
    }),
  )
  expect([payoutOf(1, 101), payoutOf(1, 199), payoutOf(1, 200), payoutOf(3, 133)]).toEqual([1, 1, 2, 3])
})
