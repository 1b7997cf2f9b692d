import { manualClock } from '@meydan/kernel/time'
import { tokenVerifier } from '@meydan/kernel/tokens'
import { expect, test } from 'vitest'
import { accessSigner, generateIdentityKeys, IdentityKeys, publicKeys } from './keys.ts'

const clock = manualClock()
const subject = { playerId: '7', sessionId: '9', roles: ['admin'] } as const

test('I8 what identity signs, the edge verifies with the public keys alone', async () => {
  const keys = await generateIdentityKeys()
  const token = await accessSigner(keys)(subject, clock.now(), clock.now() + 60_000)
  expect(JSON.stringify(publicKeys(keys))).not.toContain(keys.signing.d)
  expect(await tokenVerifier(publicKeys(keys), clock)(token)).toEqual({
    ...subject,
    expiresAtMs: clock.now() + 60_000,
  })
})

test('I8 a rotation signs with a new key, and tokens of the old one stay valid until they expire', async () => {
  const first = await generateIdentityKeys()
  const second = await generateIdentityKeys(first)
  const third = await generateIdentityKeys(second)
  expect(new Set(publicKeys(third).keys.map(({ kid }) => kid)).size).toBe(3)
  expect(JSON.stringify(third.verifying)).not.toContain('"d"')
  const verify = tokenVerifier(publicKeys(third), clock)
  for (const keys of [first, second, third]) {
    const token = await accessSigner(keys)(subject, clock.now(), clock.now() + 60_000)
    expect(await verify(token)).toMatchObject({ playerId: '7' })
  }
})

test('I8 keys survive being stored as JSON', async () => {
  const keys = await generateIdentityKeys(await generateIdentityKeys())
  expect(IdentityKeys.parse(JSON.parse(JSON.stringify(keys)))).toEqual(keys)
})
