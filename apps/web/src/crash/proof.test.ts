import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arithmeticOf, hashedBack, isHash } from './proof.ts'

const SALT = '0000000000000000004d6ec16dafe9d8370958664c1dc422f452892264c59526'
const hexOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

test('D2 the page comes to the published results', () => {
  const of = (hash: string): number => arithmeticOf(hash, SALT).multiplier
  expect(of('b2acd37fbdb5509926ab5d7329704c840f8467266c90019682f3b260a029bdba')).toBe(126)
  expect(of('66508662791cbe526d740394a62713d3879f00cd11ee5ef10f7b592c676371f4')).toBe(145_685)
})

/** By the other library that is at hand. */
async function hmacOf(salt: string, message: Uint8Array<ArrayBuffer>): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(salt), algorithm, false, ['sign'])
  return hexOf(new Uint8Array(await crypto.subtle.sign(algorithm, key, message)))
}

test('D2 the page computes HMAC and SHA-256 as other libraries do', async () => {
  const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
  // The library at hand takes no empty key.
  const salt = fc.string({ minLength: 1 })
  await fc.assert(
    fc.asyncProperty(hash, salt, fc.integer({ min: 0, max: 5 }), async (message, text, times) => {
      const bytes = new Uint8Array(message)
      const { hmac, digits, bits } = arithmeticOf(hexOf(bytes), text)
      expect(hmac).toBe(await hmacOf(text, bytes))
      expect(bits).toBe(Number.parseInt(digits, 16))
      let back = bytes
      for (let time = 0; time < times; time++) back = new Uint8Array(await crypto.subtle.digest('SHA-256', back))
      expect(hashedBack(hexOf(bytes), times)).toBe(hexOf(back))
    }),
  )
})

test('D2 only 32 bytes in hex are a hash', () => {
  expect([SALT, SALT.toUpperCase().replace(/^0/, 'A'), SALT.slice(1), `${SALT}0`, ''].map(isHash)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ])
})
