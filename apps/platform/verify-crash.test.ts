import { createHash, createHmac } from 'node:crypto'
import { crashPoint } from '@meydan/games/crash'
import { expect, test } from 'vitest'
import { provenSteps, steps } from './verify-crash.ts'

const SALT = '0000000000000000004d6ec16dafe9d8370958664c1dc422f452892264c59526'
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest()

/** The proof of round 3 of a chain, as an honest server gives it. */
function proof() {
  const hash = sha256(Buffer.from('a round of this test'))
  const before = sha256(hash)
  const digest = createHmac('sha256', SALT).update(hash).digest()
  const at = '2026-11-21T00:00:00Z'
  const chain = {
    chainId: '1',
    lobbyId: 1,
    rounds: 10,
    played: 3,
    commitment: sha256(sha256(before)).toString('hex'),
    committedAt: at,
    salt: SALT,
    saltAnnouncedAt: at,
  }
  const shown = { hash: hash.toString('hex'), before: before.toString('hex'), hmac: digest.toString('hex') }
  return {
    roundId: '7',
    lobbyId: 1,
    number: 3,
    ...shown,
    chain,
    multiplier: crashPoint(digest),
    endedAt: at,
    outcome: 'crashed' as const,
  }
}

test('C3 the published checks, step by step', () => {
  const text = (hash: string): string => steps(hash, SALT).join('\n')
  expect(text('b2acd37fbdb5509926ab5d7329704c840f8467266c90019682f3b260a029bdba')).toContain('multiplier  1.26×')
  expect(text('66508662791cbe526d740394a62713d3879f00cd11ee5ef10f7b592c676371f4')).toContain('multiplier  1456.85×')
})

test('C3 what a server says of a round fits what it committed to, or it is told that it does not', () => {
  const honest = proof()
  expect(provenSteps(honest).join('\n')).toMatch(/it fits\.$/)
  expect(() => provenSteps({ ...honest, multiplier: honest.multiplier + 1 })).toThrow(/that does not follow/)
  expect(() => provenSteps({ ...honest, number: 2 })).toThrow(/not the commitment/)
  expect(() => provenSteps({ ...honest, hash: honest.before })).toThrow(/not the commitment/)
})

test('C3 what is no hash is refused in words', () => {
  expect(() => steps('12', SALT)).toThrow(/64 hexadecimal digits/)
})
